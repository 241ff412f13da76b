import { describeSimulation } from './describe-simulation';

describeSimulation('withoutLocks');
