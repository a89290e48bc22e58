import { App } from 'aws-cdk-lib'
import { build, judge } from './build.ts'
import { readChoices } from './choices.ts'

const told = new App()
judge(build(readChoices(told.node)).app).synth()
