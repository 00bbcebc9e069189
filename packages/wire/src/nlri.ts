/** Placeholder until the NLRI families land. */
export type Nlri = unknown;
