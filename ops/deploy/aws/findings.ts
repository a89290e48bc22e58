/** A template as CloudFormation reads it: names to resources, whose properties may hold anything. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json }
type Resources = Readonly<
  Record<string, { Type: string; Properties?: Readonly<Record<string, Json>> }>
>
type Rule = { group: string; from: number; to: number; source: string }

/**
 * What must never be so, whatever the shape: the database open to anybody but the services, the services' port to anybody
 * but the proxy's side, the world at any port but 80 and 443, SSH, a secret in a script, a disk without encryption,
 * instance metadata without a session.
 * @returns one sentence for each; none is good
 */
export function findingsOf(template: { Resources: Resources }): string[] {
  const resources = template.Resources
  const rules = rulesOf(resources)
  const covers = ({ from, to }: Rule, port: number) => from <= port && port <= to
  const findings: string[] = []
  for (const rule of rules) {
    const who = `${rule.group} from ${rule.source}`
    const world = rule.source === '0.0.0.0/0' || rule.source === '::/0'
    if (covers(rule, 5432) && rule.source !== 'services') findings.push(`5432 is open: ${who}`)
    if (covers(rule, 3001) && !['proxy', 'inside'].includes(rule.source)) {
      findings.push(`3001 is open: ${who}`)
    }
    if (covers(rule, 22)) findings.push(`SSH is open: ${who}`)
    const door = ['proxy', 'door'].includes(rule.group)
    const alone = rule.from === rule.to && [80, 443].includes(rule.from)
    if (world && !(door && alone))
      findings.push(`the world is let in: ${who}, ${rule.from}–${rule.to}`)
  }
  for (const [name, { Type, Properties = {} }] of Object.entries(resources)) {
    findings.push(...exposed(name, Type, Properties), ...unencrypted(name, Type, Properties))
  }
  return findings
}

/** Every rule by which a security group lets somebody in, with groups by their own names where they are ours. */
function rulesOf(resources: Resources): Rule[] {
  const named = (reference: Json | undefined): string => {
    if (typeof reference === 'string') return reference
    const id =
      JSON.stringify(reference ?? 'nobody').match(/"(?:Fn::GetAtt|Ref)":\[?"([^"]+)"/)?.[1] ?? ''
    const description = resources[id]?.Properties?.GroupDescription
    return /^The (\w+) of Colonnade$/.exec(String(description))?.[1] ?? (id || 'somebody')
  }
  const rule = (group: string, given: { readonly [name: string]: Json }): Rule => {
    const all = String(given.IpProtocol) === '-1'
    return {
      group,
      from: all ? 0 : Number(given.FromPort ?? 0),
      to: all ? 65_535 : Number(given.ToPort ?? 65_535),
      source: named(
        given.CidrIp ?? given.CidrIpv6 ?? given.SourceSecurityGroupId ?? given.SourcePrefixListId,
      ),
    }
  }
  return Object.entries(resources).flatMap(([name, { Type, Properties = {} }]) => {
    if (Type === 'AWS::EC2::SecurityGroupIngress')
      return [rule(named(Properties.GroupId), Properties)]
    if (Type !== 'AWS::EC2::SecurityGroup') return []
    return listOf(Properties.SecurityGroupIngress).map((one) => rule(named({ Ref: name }), one))
  })
}

const secretName = /PASSWORD|SECRET|TOKEN|API_?KEY|PRIVATE/i

/** Scripts of a host are read by everybody on it, and by who may describe it. */
function exposed(
  name: string,
  type: string,
  properties: { readonly [name: string]: Json },
): string[] {
  const found: string[] = []
  const script = textOf(part(properties.LaunchTemplateData)?.UserData ?? properties.UserData)
  for (const [, setting = '', value = ''] of script.matchAll(
    /^\s*(?:export )?(\w+)=(?!\$\()(\S+)/gm,
  )) {
    const literal = !/^['"]?(\$|<|$|['"]$)/.test(value)
    if (secretName.test(setting) && literal) found.push(`${name}: ${setting} stands in its script`)
  }
  if (/:\/\/[^\s/:@$<]*:[^\s/@$<]+@/.test(script))
    found.push(`${name}: a password stands in its script`)
  if (/\{\{resolve:secretsmanager|SecretAccessKey/.test(script)) {
    found.push(`${name}: a secret is filled into its script`)
  }
  const all = JSON.stringify(properties)
  if (type !== 'AWS::SecretsManager::Secret' && all.includes('SecretAccessKey')) {
    found.push(`${name}: a secret is filled in`)
  }
  if (all.includes('"KeyName"')) found.push(`${name}: has a key for SSH`)
  return found
}

function unencrypted(
  name: string,
  type: string,
  properties: { readonly [name: string]: Json },
): string[] {
  const template = part(properties.LaunchTemplateData)
  const host = type === 'AWS::EC2::Instance' ? properties : template
  if (host) {
    const disks = listOf(host.BlockDeviceMappings)
    const open = disks.length === 0 || disks.some((disk) => part(disk.Ebs)?.Encrypted !== true)
    const tokens = part(host.MetadataOptions)?.HttpTokens
    return [
      ...(open ? [`${name}: a disk is not encrypted`] : []),
      ...(tokens === 'required' ? [] : [`${name}: its metadata need no session`]),
    ]
  }
  const must: Record<string, string[]> = {
    'AWS::RDS::DBInstance': ['StorageEncrypted'],
    'AWS::S3::Bucket': ['BucketEncryption'],
    'AWS::ElastiCache::ReplicationGroup': ['AtRestEncryptionEnabled', 'TransitEncryptionEnabled'],
    'AWS::SNS::Topic': ['KmsMasterKeyId'],
    'AWS::EFS::FileSystem': ['Encrypted'],
    'AWS::EC2::Volume': ['Encrypted'],
  }
  const missing = (must[type] ?? []).filter((property) => !properties[property])
  return missing.map((property) => `${name}: is not encrypted (${property})`)
}

/** The text of a script: what CloudFormation fills in stands as <name>. */
function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(textOf).join('')
  const given = part(value)
  if (!given) return ''
  if (given['Fn::Base64'] !== undefined) return textOf(given['Fn::Base64'])
  const join = given['Fn::Join']
  if (Array.isArray(join)) return textOf(join[1])
  return `<${JSON.stringify(given).replaceAll('"', '')}>`
}

function part(value: Json | undefined): { readonly [name: string]: Json } | undefined {
  if (typeof value !== 'object' || value === null || isList(value)) return undefined
  return value
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

const listOf = (value: Json | undefined) =>
  value !== undefined && isList(value) ? value.map((one) => part(one) ?? {}) : []
