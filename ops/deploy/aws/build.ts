import { App, type AppProps, type Stack, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import type { Choices } from './choices.ts'
import { OriginStack } from './origin.ts'
import { ScaledStack } from './scaled.ts'

/** What CDK does today and did not do when it began. */
const flags = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/core:checkSecretUsage': true,
}

/** The stack `Colonnade` in the chosen shape. */
export function build(choices: Choices, props: AppProps = {}): { app: App; stack: Stack } {
  const app = new App({ ...props, postCliContext: flags })
  const Shape = choices.shape === 'scaled' ? ScaledStack : OriginStack
  const stack = new Shape(app, 'Colonnade', choices, { env: { region: choices.region } })
  return { app, stack }
}

/** Lets cdk-nag judge whatever is in the app, when it is synthesised: what it finds fails the synthesis. */
export function judge(app: App): App {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  return app
}
