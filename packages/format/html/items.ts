import type { Element, Root } from 'hast'
import { Names, slugOf } from '../slugs.ts'
import { hasClass, isBlank, isElement, type Parent, property } from './nodes.ts'
import { plainOf } from './plain.ts'
import { isVideo } from './videos.ts'

export type Found = {
  node: Element
  key: string
  kind: 'video' | 'exercise' | 'quiz' | 'assignment'
  title: string
}

const boxes = { exercise: 'ln-challenge', quiz: 'ln-quiz', assignment: 'ln-assignment' } as const

/**
 * The challenges, quizzes, assignments and films of a page in reading order. Keys come from the author's id or the title,
 * before ids are made unique in the page, so that a new heading elsewhere changes none of them.
 */
export function findItems(root: Root): Found[] {
  const names = new Names()
  names.take('reading')
  const found: Found[] = []
  const visit = (parent: Parent) => {
    for (const node of parent.children) {
      if (!isElement(node)) continue
      const box = (['exercise', 'quiz', 'assignment'] as const).find((kind) =>
        hasClass(node, boxes[kind]),
      )
      if (box) {
        const title = node.children.find((child) => isElement(child) && hasClass(child, 'ln-title'))
        const name = isElement(title) ? plainOf(title.children) : ''
        const key = names.take(property(node, 'id') ?? slugOf(name, boxes[box].slice(3)))
        found.push({ node, key, kind: box, title: name })
      } else if (node.tagName === 'p') {
        const link = loneLink(node)
        const href = link ? property(link, 'href') : null
        if (link && href !== null && isVideo(href)) {
          const name = plainOf(link.children)
          const key = names.take(`video-${slugOf(name.replace(/^https?:\/\//, ''), 'film')}`)
          node.properties.className = ['ln-video']
          node.properties.id ??= key
          found.push({ node, key, kind: 'video', title: name })
        }
      }
      visit(node)
    }
  }
  visit(root)
  return found
}

function loneLink(node: Element): Element | null {
  const [first, ...more] = node.children.filter((child) => !isBlank(child))
  return isElement(first, 'a') && more.length === 0 ? first : null
}
