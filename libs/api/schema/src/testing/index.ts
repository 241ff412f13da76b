export { type FeatureNode, startFeatureNode } from './feature-node';
