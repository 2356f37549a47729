/** Gives a list of ids the type of the union, and does not compile when one is missing or unknown. */
export const allIds =
  <Id extends string>() =>
  <const Ids extends readonly Id[]>(ids: Exclude<Id, Ids[number]> extends never ? Ids : never): Id[] => [...ids];
