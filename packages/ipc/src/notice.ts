/** What a `Notice` is about: stable names, for programs. */
export const NoticeCode = {
  /** RFC 7606 has changed what a received UPDATE means, or RFC 4271 §6 has ended the session for it. */
  fault: 'fault',
  /** A family is ignored until the session ends (RFC 7606 §2, AFI/SAFI disable). */
  familyDisabled: 'family-disabled',
  /** The peer has announced nearly as many prefixes as it may, or more where that is only warned of. */
  maximumPrefixesWarning: 'maximum-prefixes-warning',
  /** It has announced more, and the session ends. */
  maximumPrefixes: 'maximum-prefixes',
  /** Routes of the peer outlive its session (RFC 4724 §4.2, RFC 9494 §4.2). */
  routesRetained: 'routes-retained',
  /** Stale routes have been removed. */
  staleRemoved: 'stale-removed',
  /** A ROUTE-REFRESH, or a demand for one, that leads to nothing. */
  routeRefreshIgnored: 'route-refresh-ignored',
  /** Announcements that cannot be sent in the session: no next hop that fits, or too long. */
  routesUnsendable: 'routes-unsendable',
  /** The embedder's handler has thrown. */
  handlerError: 'handler-error',
  /** The actor itself has failed, and has been made anew. */
  actorRestarted: 'actor-restarted',
  /** A batch from the supervisor could not be read. */
  badBatch: 'bad-batch',
  /** So many notices of the peer that the others were only counted. */
  noticesDropped: 'notices-dropped',
} as const;
/** One of the values of `NoticeCode`. */
export type NoticeCode = (typeof NoticeCode)[keyof typeof NoticeCode];
