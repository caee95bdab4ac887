/**
 * A tensor's name as people know it: converters name a tensor after everything that was fused into it, and within all
 * scopes; this is the first of these, within the innermost scope.
 */
export function shortName(name: string): string {
  return name.split(";")[0]!.split("/").slice(-2).join("/");
}
