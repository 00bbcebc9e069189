import { baseSessionOptions, type UpdateOptions } from '@peerloom/wire';

/** How blocks of announcements are encoded, whatever session they will go out on: with 4-octet AS numbers. */
export const blockEncoding: UpdateOptions = { ...baseSessionOptions, fourOctetAs: true };
