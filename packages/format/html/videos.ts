const hosts =
  /^https?:\/\/(?:www\.|m\.|player\.)?(?:youtube\.com\/(?:watch|embed|live|shorts)|youtube-nocookie\.com\/embed|youtu\.be\/|vimeo\.com\/(?:video\/)?\d|dailymotion\.com\/video|[^/]+\/(?:videos\/watch|w)\/[\w-]{8,})/i

/** Whether a link leads to a film: by its host, or by the file's ending. */
export const isVideo = (url: string): boolean =>
  hosts.test(url) || /^[^?#]*\.(mp4|webm|m4v|mov|ogv|m3u8)([?#]|$)/i.test(url)
