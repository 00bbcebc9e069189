/** A column of a table: its title, where its text stands, and what it shows of a row. */
export interface Column<Row> {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Least width in characters; a column grows with what it holds. */
  readonly width?: number;
  readonly text: (row: Row) => string;
}

/** A table as lines, the titles first; columns are two blanks apart and lines end with text. */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): readonly string[] {
  const cells = [columns.map(({ title }) => title), ...rows.map(cellsOf)];
  const widths = columns.map(({ width = 0 }, index) =>
    cells.reduce((widest, row) => Math.max(widest, row[index]!.length), width),
  );
  return cells.map((row) =>
    row
      .map((text, index) =>
        columns[index]!.align === 'left'
          ? text.padEnd(widths[index]!)
          : text.padStart(widths[index]!),
      )
      .join('  ')
      .trimEnd(),
  );

  function cellsOf(row: Row): string[] {
    return columns.map(({ text }) => text(row));
  }
}
