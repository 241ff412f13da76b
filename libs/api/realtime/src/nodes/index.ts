export { NodeDirectory, type NodeFacts } from './node-directory';
export { NodesModule } from './nodes.module';
