/** Reads the text of a response, and takes each part as soon as the separator behind it has come; fails where there is none. */
export function eachPart(
  response: Response,
  separator: string,
  take: (part: string) => void,
): Promise<void> {
  let rest = "";
  const text = (response.body as ReadableStream<BufferSource>).pipeThrough(new TextDecoderStream());
  return text.pipeTo(
    new WritableStream<string>({
      write(more) {
        const parts = (rest + more).split(separator);
        rest = parts.pop() ?? "";
        parts.forEach(take);
      },
    }),
  );
}
