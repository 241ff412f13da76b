/** A user who left for good. */
export interface Departure {
  name: string;
  /** Milliseconds on this machine's clock. */
  at: number;
}

/** List of the users who are present somewhere, as one server tells it. */
export interface PresenceList {
  node: number;
  place: string;
  userIds: readonly string[];
  count: number;
  /** The server can't reach the others, and says so. */
  isAtLeast: boolean;
  askedAt: number;
}

/** Number of users who are present somewhere, as a device shows it. */
export interface ShownCount {
  device: string;
  place: string;
  count: number | undefined;
}

/** Whoever left is listed nowhere after this, whatever happened to their server. */
const goneWithinMs = 30_000;

/** Returns a sentence for each user who left long ago and is listed. */
export function lingering(
  { node, place, userIds, askedAt }: PresenceList,
  left: ReadonlyMap<string, Departure>,
): string[] {
  return userIds.flatMap((userId) => {
    const departure = left.get(userId);
    const sinceMs = departure === undefined ? 0 : askedAt - departure.at;
    return sinceMs > goneWithinMs
      ? [`${departure!.name} is listed in the ${place} by node ${node} ${(sinceMs / 1_000).toFixed(1)} s after leaving`]
      : [];
  });
}

/**
 * Holds the lists of all servers, and the numbers that devices show, against the users who are present: by user, each
 * once. Of those who left within the last 30 s any may be listed, and counted.
 */
export function presenceProblems(
  lists: readonly PresenceList[],
  shown: readonly ShownCount[],
  present: ReadonlySet<string>,
  left: ReadonlyMap<string, Departure>,
): string[] {
  const ofLists = lists.flatMap((list) => {
    const where = `node ${list.node}, ${list.place}`;
    const listed = new Set(list.userIds);
    const unknown = list.userIds.filter((id) => !present.has(id) && !left.has(id));
    const missing = [...present].filter((id) => !listed.has(id));
    return [
      ...(missing.length > 0 ? [`${where}: ${missing.length} of ${present.size} users are not listed`] : []),
      ...(unknown.length > 0 ? [`${where}: ${unknown.length} users are listed whom nobody knows`] : []),
      ...(listed.size < list.userIds.length ? [`${where}: a user is listed twice`] : []),
      ...(list.count !== list.userIds.length
        ? [`${where}: ${list.count} are counted and ${list.userIds.length} listed`]
        : []),
      ...(list.isAtLeast ? [`${where}: the number is said to be too low`] : []),
      ...lingering(list, left),
    ];
  });
  const most = present.size + left.size;
  const ofDevices = shown.flatMap(({ device, place, count }) =>
    count !== undefined && count >= present.size && count <= most
      ? []
      : [`${device} shows ${count ?? 'no'} users in the ${place}, where ${present.size} are`],
  );
  return [...ofLists, ...ofDevices];
}
