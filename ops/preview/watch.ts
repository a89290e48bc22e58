import { type FSWatcher, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'

const ignored = new Set(['.git', 'node_modules', 'dist', 'data', '.vite'])

/**
 * Calls `onChange` shortly after something in a folder changed, however it was saved. Each folder is watched by
 * itself: a watcher of files loses one that an editor replaces by another of the same name.
 */
export function watchTree(folder: string, onChange: () => void, pauseMs = 40): { close(): void } {
  const watchers = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  let closed = false

  function look(path: string): void {
    if (!watchers.has(path)) {
      const watcher = watch(path, notice)
      watcher.on('error', () => forget(path))
      watchers.set(path, watcher)
    }
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory() && !ignored.has(entry.name)) look(join(path, entry.name))
    }
  }

  function forget(path: string): void {
    watchers.get(path)?.close()
    watchers.delete(path)
  }

  function notice(): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (closed) return
      lookAgain()
      onChange()
    }, pauseMs)
  }

  /** A folder may have come or gone; one that goes while we look is met again with the next change. */
  function lookAgain(): void {
    try {
      look(folder)
    } catch {
      for (const path of watchers.keys()) if (path !== folder) forget(path)
      timer = setTimeout(notice, 200)
    }
  }

  look(folder)
  return {
    close() {
      closed = true
      clearTimeout(timer)
      for (const path of [...watchers.keys()]) forget(path)
    },
  }
}
