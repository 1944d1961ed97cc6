/**
 * How many files this process and its children may hold open. Infinity when there is no limit.
 *
 * Node raises it at its start as far as the system lets it, so that nothing more can be done here.
 */
export function readOpenFilesLimit(): number {
  const report = process.report?.getReport() as unknown as
    { readonly userLimits?: { readonly open_files?: { readonly soft?: number | string } } } | undefined;
  const soft = report?.userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : Number.POSITIVE_INFINITY;
}
