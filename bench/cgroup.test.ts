import { expect, test } from 'vitest'
import { readHierarchies } from './cgroup.ts'

test('finds the controllers of version 1, and the group this process is in', () => {
  const mountinfo = [
    '31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755',
    '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct',
    '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory',
    '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
  ].join('\n')
  const own = ['4:memory:/user/one', '1:cpu,cpuacct:/', '0::/'].join('\n')
  expect(readHierarchies(mountinfo, own)).toEqual({
    v1: { cpu: '/sys/fs/cgroup/cpu,cpuacct/', memory: '/sys/fs/cgroup/memory/user/one' },
    v2: '/sys/fs/cgroup/unified',
  })
})

test('finds version 2 alone', () => {
  const mountinfo = '30 24 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n'
  expect(readHierarchies(mountinfo, '0::/user.slice\n')).toEqual({ v1: {}, v2: '/sys/fs/cgroup' })
})
