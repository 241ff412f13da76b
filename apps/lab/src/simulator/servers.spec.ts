import { describeSimulation } from './describe-simulation';

describeSimulation('servers');
