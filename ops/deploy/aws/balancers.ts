import { Duration, type Stack } from 'aws-cdk-lib'
import type * as ec2 from 'aws-cdk-lib/aws-ec2'
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { Choices } from './choices.ts'
import type { Shared } from './shared.ts'

type Where = {
  vpc: ec2.Vpc
  groups: { door: ec2.SecurityGroup; inside: ec2.SecurityGroup }
  shared: Shared
  choices: Choices
}

/** The public door with TLS before the proxies, and the one inside, before services (3001) and proxies (3000). */
export function balancersOf(stack: Stack, { vpc, groups, shared, choices }: Where) {
  const balancer = (id: string, open: boolean, group: ec2.SecurityGroup) => {
    const made = new elb.ApplicationLoadBalancer(stack, id, {
      vpc,
      vpcSubnets: { subnetGroupName: open ? 'public' : 'private' },
      internetFacing: open,
      securityGroup: group,
      deletionProtection: true,
      dropInvalidHeaderFields: true,
      // Longer than nothing, shorter than the 65 s after which a proxy closes an idle connection.
      idleTimeout: Duration.seconds(60),
    })
    made.logAccessLogs(shared.logs, id)
    return made
  }
  const target = (id: string, port: number) =>
    new elb.ApplicationTargetGroup(stack, id, {
      vpc,
      port,
      protocol: elb.ApplicationProtocol.HTTP,
      targetType: elb.TargetType.INSTANCE,
      loadBalancingAlgorithmType:
        elb.TargetGroupLoadBalancingAlgorithmType.LEAST_OUTSTANDING_REQUESTS,
      healthCheck: {
        path: '/readyz',
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
      deregistrationDelay: Duration.seconds(30),
    })
  const door = balancer('Door', true, groups.door)
  const inside = balancer('Inside', false, groups.inside)
  const targets = {
    proxy: target('Proxies', 3000),
    services: target('Services', 3001),
    proxyInside: target('ProxiesInside', 3000),
  }
  door.addRedirect({ open: false })
  const https = door.addListener('Https', {
    port: 443,
    open: false,
    certificates: [{ certificateArn: choices.certificate ?? '' }],
    sslPolicy: elb.SslPolicy.RECOMMENDED_TLS,
    defaultTargetGroups: [targets.proxy],
  })
  // Services talk to proxies past this door.
  https.addAction('NotInside', {
    priority: 1,
    conditions: [elb.ListenerCondition.pathPatterns(['/internal/*'])],
    action: elb.ListenerAction.fixedResponse(404),
  })
  const listen = (id: string, port: number, group: elb.ApplicationTargetGroup) =>
    inside.addListener(id, {
      port,
      open: false,
      protocol: elb.ApplicationProtocol.HTTP,
      defaultTargetGroups: [group],
    })
  listen('ToServices', 3001, targets.services)
  listen('ToProxies', 3000, targets.proxyInside)
  return { door, inside, targets }
}
