import { decodeAsPath, encodeAsPath } from '../asPath.ts';
import { segmentProblem } from '../asPathRule.ts';
import { type As4PathAttribute, type AsPathAttribute, AttributeCode } from '../pathAttribute.ts';
import type { AttributeCodec } from './attributeCodec.ts';
import { requireSome } from './encodeValues.ts';

export const asPathCodec: AttributeCodec<AsPathAttribute> = {
  code: AttributeCode.asPath,
  decode: (bytes, start, end, { fourOctetAs }) => {
    const width = fourOctetAs ? 4 : 2;
    if (segmentProblem(bytes, start, end, width) !== undefined) return undefined;
    return { type: 'asPath', segments: decodeAsPath(bytes, start, end, width) };
  },
  encode: (writer, { segments }, { fourOctetAs }) =>
    encodeAsPath(writer, segments, fourOctetAs ? 4 : 2),
};

export const as4PathCodec: AttributeCodec<As4PathAttribute> = {
  code: AttributeCode.as4Path,
  decode: (bytes, start, end) =>
    segmentProblem(bytes, start, end, 4) === undefined
      ? { type: 'as4Path', segments: decodeAsPath(bytes, start, end, 4) }
      : undefined,
  encode: (writer, { segments }) => {
    requireSome('as4Path', segments);
    encodeAsPath(writer, segments, 4);
  },
};
