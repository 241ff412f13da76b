import { type LogNode, startLogNode } from '@cloudhop/api/conversations/testing';
import { friendServices } from '@cloudhop/api/friends/testing';
import { groupServices } from '@cloudhop/api/groups/testing';
import { roomServices } from '@cloudhop/api/rooms/testing';

/** A node with the services of all features. */
export type FeatureNode = LogNode &
  ReturnType<typeof friendServices> &
  ReturnType<typeof groupServices> &
  ReturnType<typeof roomServices>;

/** Starts a node with the services of all features, for specs of what holds across them. */
export async function startFeatureNode(...parameters: Parameters<typeof startLogNode>): Promise<FeatureNode> {
  const node = await startLogNode(...parameters);
  return { ...node, ...friendServices(node), ...groupServices(node), ...roomServices(node) };
}
