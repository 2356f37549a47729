type TextObject = Pick<string, "charCodeAt">;

/** LIMIT: V8 looks at a function for some hundred calls before it remembers what the function looks up. */
const LOOK_UPS = 2_000;

/**
 * QUIRK(ioredis 6, V8): ioredis has a class that extends String. From then on V8 keeps String.prototype as a dictionary, and
 * each call of a method of a string, anywhere in the process, looks the method up: a whole verdict takes a quarter more time
 * (measured, Node 20). Looking a method up in a String object makes V8 put the prototype right again; strings never do.
 */
export function mendStringMethods(): void {
  const text: TextObject = Object("");
  for (let count = 0; count < LOOK_UPS; count += 1) methodOf(text);
}

function methodOf(text: TextObject): unknown {
  return text.charCodeAt;
}
