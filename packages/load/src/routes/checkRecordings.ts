import { MrtType } from '@peerloom/mrt';
import { readMrtFile } from '@peerloom/mrt/file';
import { LoadError } from '../loadError.ts';
import type { RouteSource, Scenario } from '../scenario.ts';
import { fileError } from './fileError.ts';
import { checkRawUpdates } from './rawUpdates.ts';

type MrtSource = Extract<RouteSource, { kind: 'mrtTable' | 'mrtUpdates' }>;

/** Records that are looked at before a file counts as one of another kind: some begin with foreign ones. */
const looked = 100;

const recordTypes: Readonly<Record<MrtSource['kind'], readonly number[]>> = {
  mrtTable: [MrtType.tableDump, MrtType.tableDumpV2],
  mrtUpdates: [MrtType.bgp4mp, MrtType.bgp4mpEt],
};

/**
 * Looks whether the recordings that a scenario names are there, can be read, and begin as what they are named
 * for. No more than the beginning of each is read: what comes after it only a run finds.
 *
 * @throws LoadError `ERR_LOAD_ROUTES` that says what would be right
 */
export async function checkRecordings({ routes, speakers }: Scenario): Promise<void> {
  // A run without sources does not open them either.
  if (routes === undefined || speakers.every(({ role }) => role === 'sink')) return;
  if (routes.kind === 'rawUpdates') {
    await checkRawUpdates(routes.files);
  } else if (routes.kind !== 'generated') {
    try {
      await checkMrt(routes);
    } catch (error) {
      throw fileError(routes.file, error);
    }
  }
}

async function checkMrt({ kind, file }: MrtSource): Promise<void> {
  let records = 0;
  let other: number | undefined;
  for await (const { type } of readMrtFile(file)) {
    if (recordTypes[kind].includes(type)) return;
    other ??= type;
    records += 1;
    if (records === looked) break;
  }
  if (other === undefined) throw wrong(file, 'it is empty; give an MRT file with records');
  const isOther = Object.values(recordTypes).some((types) => types.includes(other));
  const hint =
    kind === 'mrtTable'
      ? `no table (TABLE_DUMP, TABLE_DUMP_V2)${isOther ? '; recorded updates are for mrtUpdates (--replay)' : ''}`
      : `no updates (BGP4MP, BGP4MP_ET)${isOther ? '; a recorded table is for mrtTable (--mrt)' : ''}`;
  throw wrong(file, `its first records are of type ${other}, ${hint}`);
}

function wrong(file: string, why: string): LoadError {
  return new LoadError('ERR_LOAD_ROUTES', `${file}: ${why}`);
}
