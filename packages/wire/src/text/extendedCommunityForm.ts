import { AdministratorForm, formatAdministrator, parseAdministrator } from './administrator.ts';
import * as values from './extendedCommunityValue.ts';

/** How the six value octets of one type of extended community are written and read. */
export interface ExtendedCommunityForm {
  /** What stands before the first colon. */
  readonly name: string;
  /** The text of the six octets at `at`; empty for a name alone, `undefined` when they say more than the notation can. */
  readonly format: (bytes: Uint8Array, at: number) => string | undefined;
  /** Eight octets whose last six are the value that `text` stands for; `undefined` when it is not in the notation. */
  readonly parse: (text: string, type: number) => Uint8Array | undefined;
}

const { twoOctetAs, ipv4Address, fourOctetAs } = AdministratorForm;
const everyForm: readonly AdministratorForm[] = [twoOctetAs, ipv4Address, fourOctetAs];

/** Names of communities that are an administrator and a number: sub-type, and the forms that IANA has registered it for. */
const administratorNames: readonly [
  name: string,
  firstType: number,
  subType: number,
  forms: readonly AdministratorForm[],
][] = [
  ['target', 0x00, 0x02, everyForm], // RFC 4360 §4
  ['origin', 0x00, 0x03, everyForm], // RFC 4360 §5
  ['generic', 0x00, 0x04, [fourOctetAs]],
  ['ospf-domain-id', 0x00, 0x05, everyForm], // RFC 4577 §4.2.4
  ['ospf-router-id', 0x00, 0x07, [ipv4Address]], // RFC 4577 §4.2.7
  ['bgp-data-collection', 0x00, 0x08, [twoOctetAs, fourOctetAs]], // RFC 4384
  ['source-as', 0x00, 0x09, [twoOctetAs, fourOctetAs]], // RFC 6514 §6
  ['l2vpn-id', 0x00, 0x0a, [twoOctetAs, ipv4Address]], // RFC 6074 §3.1
  ['vrf-route-import', 0x00, 0x0b, [ipv4Address]], // RFC 6514 §7
  ['non-transitive-generic', 0x40, 0x04, [fourOctetAs]],
  ['redirect', 0x80, 0x08, everyForm], // RFC 8955 §7.4
];

function administratorForm(name: string, form: AdministratorForm): ExtendedCommunityForm {
  return {
    name,
    format: (bytes, at) => formatAdministrator(form, bytes, at),
    parse: (text) => {
      const parsed = parseAdministrator(text);
      return parsed?.form === form ? parsed.bytes : undefined;
    },
  };
}

const otherForms: readonly [type: number, form: ExtendedCommunityForm][] = [
  [0x0004, { name: 'transitive-link-bandwidth', ...values.rate }],
  [0x4004, { name: 'link-bandwidth', ...values.rate }],
  [0x0306, { name: 'ospf-route-type', ...values.ospfRouteType }], // RFC 4577 §4.2.6
  [0x030b, { name: 'color', ...values.color }], // RFC 9012 §4.3
  [0x030c, { name: 'encapsulation', ...values.encapsulation }], // RFC 9012 §4.1
  [0x030d, { name: 'default-gateway', ...values.nothing }], // RFC 7432 §7.8
  [0x4300, { name: 'origin-validation', ...values.originValidation }], // RFC 8097 §2
  [0x0600, { name: 'mac-mobility', ...values.macMobility }], // RFC 7432 §7.7
  [0x0601, { name: 'esi-label', ...values.esiLabel }], // RFC 7432 §7.5
  [0x0602, { name: 'es-import', ...values.mac }], // RFC 7432 §7.6
  [0x0603, { name: 'router-mac', ...values.mac }], // RFC 9135 §8.1
  [0x8006, { name: 'traffic-rate', ...values.rate }], // RFC 8955 §7.1
  [0x800c, { name: 'traffic-rate-packets', ...values.rate }], // RFC 8955 §7.2
  [0x8007, { name: 'traffic-action', ...values.trafficAction }], // RFC 8955 §7.3
  [0x8009, { name: 'traffic-marking', ...values.trafficMarking }], // RFC 8955 §7.5
];

/** Every known form by its type: high-order octet × 256 + sub-type. */
export const extendedCommunityForms: ReadonlyMap<number, ExtendedCommunityForm> = new Map([
  ...administratorNames.flatMap(([name, firstType, subType, forms]) =>
    forms.map((form): [number, ExtendedCommunityForm] => [
      ((firstType + form) << 8) | subType,
      administratorForm(name, form),
    ]),
  ),
  ...otherForms,
]);

/** A form and the type it belongs to. */
export interface TypedForm {
  readonly type: number;
  readonly form: ExtendedCommunityForm;
}

const aliases: ReadonlyMap<string, string> = new Map([
  ['rt', 'target'],
  ['ro', 'origin'],
  ['soo', 'origin'],
]);

const formsByName: ReadonlyMap<string, readonly TypedForm[]> = Map.groupBy(
  [...extendedCommunityForms].map(([type, form]) => ({ type, form })),
  ({ form }) => form.name,
);

/** The forms that go by `name` or an alias of it; none for an unknown name. */
export function formByName(name: string): readonly TypedForm[] {
  return formsByName.get(aliases.get(name) ?? name) ?? [];
}
