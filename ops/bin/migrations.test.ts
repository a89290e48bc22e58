import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../root.ts'

/** What squawk finds in a migration, as `npm run check` asks it. */
function rulesBroken(text: string, inTransaction = true): string[] {
  const args = ['--reporter', 'json', ...(inTransaction ? ['--assume-in-transaction'] : [])]
  const { stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/squawk-cli/js/bin/squawk'), ...args],
    { cwd: root, input: text, encoding: 'utf8' },
  )
  const found: { rule_name: string }[] = JSON.parse(stdout)
  return [...new Set(found.map((one) => one.rule_name))].sort()
}

test.each([
  ['alter table review add column mood text not null', 'adding-required-field'],
  ['alter table review drop column stars', 'ban-drop-column'],
  ['drop table helpful', 'ban-drop-table'],
  ['alter table review rename column stars to marks', 'renaming-column'],
  ['alter table review alter column stars type bigint', 'changing-column-type'],
  ['create index review_mood on review (mood)', 'require-concurrent-index-creation'],
  ['alter table review add constraint c check (stars > 0)', 'constraint-missing-not-valid'],
])('%s is refused', (text, rule) => {
  expect(rulesBroken(`${text};`)).toContain(rule)
})

test('what expands is let through, a new table with its indexes too', () => {
  expect(
    rulesBroken(`alter table review add column mood text;
      alter table review add constraint mood_short check (length(mood) < 99) not valid;
      create table mood (id bigint primary key, stars smallint not null);
      create index mood_stars on mood (stars);`),
  ).toEqual([])
  const index = 'create index concurrently if not exists review_mood on review (mood);'
  expect(rulesBroken(`-- outside a transaction\n${index}`, false)).toEqual([])
})
