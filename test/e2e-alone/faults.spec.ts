import { describeJudgedRun } from '../crash/judged-run';

describeJudgedRun('networks that misbehave in every way they know, towards 2,000 payments', 'networks', 100);
