import { describeSimulation } from './describe-simulation';

describeSimulation('devices');
