export { NodeDirectory, type NodeFacts } from './node-directory';
export { NodesModule } from './nodes.module';
export { ReplicatedState, type SectionChange, type SectionListener, type StateSection } from './replicated-state';
