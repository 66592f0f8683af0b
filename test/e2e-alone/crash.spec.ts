import { describeJudgedRun } from '../crash/judged-run';

describeJudgedRun('two instances of each service, killed one after the other under load', 'processes', 60);
