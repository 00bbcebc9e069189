import {
  AttributeCode,
  type CommunitiesAttribute,
  type ExtendedCommunitiesAttribute,
  type Ipv6ExtendedCommunitiesAttribute,
  type LargeCommunitiesAttribute,
  type LargeCommunity,
} from '../pathAttribute.ts';
import { readU32 } from '../text/number.ts';
import type { AttributeCodec } from './attributeCodec.ts';
import { requireSome, sliceEach, writeEach, writeU32 } from './encodeValues.ts';

/** RFC 1997. */
export const communitiesCodec: AttributeCodec<CommunitiesAttribute> = {
  code: AttributeCode.communities,
  decode: (bytes, start, end) => {
    const communities: number[] = [];
    for (let at = start; at < end; at += 4) communities.push(readU32(bytes, at));
    return { type: 'communities', communities };
  },
  encode: (writer, { communities }) => {
    requireSome('communities', communities);
    for (const community of communities) writeU32(writer, 'a community', community);
  },
};

/** RFC 4360. */
export const extendedCommunitiesCodec: AttributeCodec<ExtendedCommunitiesAttribute> = {
  code: AttributeCode.extendedCommunities,
  decode: (bytes, start, end) => ({
    type: 'extendedCommunities',
    communities: sliceEach(bytes, start, end, 8),
  }),
  encode: (writer, { communities }) => {
    requireSome('extendedCommunities', communities);
    writeEach(writer, 'an extended community', communities, 8);
  },
};

/** RFC 5701. */
export const ipv6ExtendedCommunitiesCodec: AttributeCodec<Ipv6ExtendedCommunitiesAttribute> = {
  code: AttributeCode.ipv6ExtendedCommunities,
  decode: (bytes, start, end) => ({
    type: 'ipv6ExtendedCommunities',
    communities: sliceEach(bytes, start, end, 20),
  }),
  encode: (writer, { communities }) => {
    requireSome('ipv6ExtendedCommunities', communities);
    writeEach(writer, 'an IPv6 extended community', communities, 20);
  },
};

/** RFC 8092; values that are there twice are taken out, both on receipt and before sending (§3). */
export const largeCommunitiesCodec: AttributeCodec<LargeCommunitiesAttribute> = {
  code: AttributeCode.largeCommunities,
  decode: (bytes, start, end) => {
    const communities: LargeCommunity[] = [];
    for (let at = start; at < end; at += 12) {
      communities.push({
        globalAdministrator: readU32(bytes, at),
        localData1: readU32(bytes, at + 4),
        localData2: readU32(bytes, at + 8),
      });
    }
    return { type: 'largeCommunities', communities: withoutDuplicates(communities) };
  },
  encode: (writer, { communities }) => {
    requireSome('largeCommunities', communities);
    for (const community of withoutDuplicates(communities)) {
      writeU32(
        writer,
        'the global administrator of a large community',
        community.globalAdministrator,
      );
      writeU32(writer, 'local data part 1 of a large community', community.localData1);
      writeU32(writer, 'local data part 2 of a large community', community.localData2);
    }
  },
};

function withoutDuplicates(communities: readonly LargeCommunity[]): readonly LargeCommunity[] {
  const met = new Set<string>();
  return communities.filter(({ globalAdministrator, localData1, localData2 }) => {
    const name = `${globalAdministrator}:${localData1}:${localData2}`;
    return !met.has(name) && met.add(name);
  });
}
