/** A sanctions list as screening uses it: its version and the names on it. */
export interface NameList {
  version: string;
  names: readonly string[];
}

/**
 * A small list of invented names that stands in for the official lists, so that a hit can be shown and tested. Nobody
 * on it exists. Production deployments load the official lists instead.
 */
export const SAMPLE_LIST: NameList = {
  version: 'sample-2026-11',
  names: ['Zorvan Blakestone-Quill', 'Ilkhara Venn-Tuskoy', 'Ombrel Shipping and Salvage Fiction Ltd', '虚构 被列名者'],
};
