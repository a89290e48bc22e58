import { Duration, type Stack } from 'aws-cdk-lib'
import type * as autoscaling from 'aws-cdk-lib/aws-autoscaling'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type * as ec2 from 'aws-cdk-lib/aws-ec2'
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import * as iam from 'aws-cdk-lib/aws-iam'
import type * as kms from 'aws-cdk-lib/aws-kms'
import type * as rds from 'aws-cdk-lib/aws-rds'
import * as sns from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Part } from './user-data.ts'

type Watched = { metric: cloudwatch.Metric; above: number; minutes?: number; silence?: boolean }

/** What the operator is told of, by one topic. */
export class Alarms {
  private readonly stack: Stack
  readonly topic: sns.Topic

  constructor(stack: Stack, key: kms.Key, email: string) {
    this.stack = stack
    this.topic = new sns.Topic(stack, 'Alarms', { masterKey: key, enforceSSL: true })
    this.topic.addSubscription(new EmailSubscription(email))
    const watch = new iam.ServicePrincipal('cloudwatch.amazonaws.com')
    this.topic.grantPublish(watch)
    key.grantEncryptDecrypt(watch)
    // A role that AWS makes with the first group, so that no policy may name it before.
    const scaling = `arn:${stack.partition}:iam::${stack.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`
    key.grantEncryptDecrypt(
      new iam.AnyPrincipal().withConditions({ ArnEquals: { 'aws:PrincipalArn': scaling } }),
    )
  }

  /** A host that is busy for a quarter of an hour, or that AWS finds broken. */
  host(part: Part, { instanceId }: ec2.Instance): void {
    const dimensionsMap = { InstanceId: instanceId }
    const metric = (metricName: string, statistic: string) =>
      new cloudwatch.Metric({
        namespace: 'AWS/EC2',
        metricName,
        dimensionsMap,
        statistic,
        period: Duration.minutes(1),
      })
    this.add(`${part}-cpu`, { metric: metric('CPUUtilization', 'Average'), above: 85, minutes: 15 })
    // A host that says nothing is broken too.
    this.add(`${part}-broken`, {
      metric: metric('StatusCheckFailed', 'Maximum'),
      above: 0.5,
      minutes: 3,
      silence: true,
    })
  }

  group(part: Part, { autoScalingGroupName }: autoscaling.AutoScalingGroup): void {
    const metric = new cloudwatch.Metric({
      namespace: 'AWS/EC2',
      metricName: 'CPUUtilization',
      dimensionsMap: { AutoScalingGroupName: autoScalingGroupName },
      statistic: 'Average',
      period: Duration.minutes(1),
    })
    this.add(`${part}-cpu`, { metric, above: 85, minutes: 15 })
  }

  /** The fullest disk of a part, as its hosts tell themselves. */
  disk(part: Part): void {
    const metric = new cloudwatch.Metric({
      namespace: 'Colonnade',
      metricName: 'DiskUsed',
      dimensionsMap: { Stack: this.stack.stackName, Part: part },
      statistic: 'Maximum',
      period: Duration.minutes(5),
    })
    this.add(`${part}-disk`, { metric, above: 80, minutes: 15, silence: true })
  }

  /** Errors, latency and hosts that are not well, as the load balancer sees them. */
  door(
    balancer: elb.ApplicationLoadBalancer,
    targets: elb.ApplicationTargetGroup,
    name: string,
  ): void {
    const period = Duration.minutes(1)
    const { metrics } = targets
    this.add(`${name}-errors`, {
      metric: metrics.httpCodeTarget(elb.HttpCodeTarget.TARGET_5XX_COUNT, {
        period,
        statistic: 'Sum',
      }),
      above: 10,
    })
    this.add(`${name}-refused`, {
      metric: balancer.metrics.httpCodeElb(elb.HttpCodeElb.ELB_5XX_COUNT, {
        period,
        statistic: 'Sum',
      }),
      above: 10,
    })
    this.add(`${name}-latency`, {
      metric: metrics.targetResponseTime({ period, statistic: 'p99' }),
      above: 1,
    })
    this.add(`${name}-unhealthy`, {
      metric: metrics.unhealthyHostCount({ period, statistic: 'Maximum' }),
      above: 0.5,
      silence: true,
    })
  }

  database(database: rds.DatabaseInstance): void {
    const period = Duration.minutes(5)
    this.add('database-cpu', {
      metric: database.metricCPUUtilization({ period }),
      above: 85,
      minutes: 15,
    })
    this.add('database-latency', {
      metric: database.metric('WriteLatency', { period, statistic: 'Average' }),
      above: 0.1,
      minutes: 15,
    })
    const free = database.metricFreeStorageSpace({ period, statistic: 'Minimum' })
    const alarm = free.createAlarm(this.stack, 'database-disk', {
      alarmDescription: 'Less than 4 GiB are left for the database.',
      threshold: 4 * 1024 ** 3,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    })
    alarm.addAlarmAction(new SnsAction(this.topic))
  }

  private add(name: string, { metric, above, minutes = 5, silence = false }: Watched): void {
    const alarm = new cloudwatch.Alarm(this.stack, name, {
      metric,
      threshold: above,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: Math.max(1, Math.ceil(minutes / metric.period.toMinutes())),
      treatMissingData: silence
        ? cloudwatch.TreatMissingData.BREACHING
        : cloudwatch.TreatMissingData.NOT_BREACHING,
    })
    alarm.addAlarmAction(new SnsAction(this.topic))
    alarm.addOkAction(new SnsAction(this.topic))
  }
}
