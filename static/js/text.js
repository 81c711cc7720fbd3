// typedText.clean: typed text as the server keeps it, see hdh_portal/text.py; change both together. Counted in code points.
globalThis.typedText = {
  clean: (text) => text
    .replace(/\r\n|[\r\x0b\x0c\x85\u2028\u2029]/g, "\n")
    .replace(/[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]/gu, "")
    .replace(/(?<![\u0590-\u1fff\u2190-\u{dffff}])[\u200c\u200d]|[\u200c\u200d](?![\u0590-\u1fff\u2190-\u{dffff}])/gu, "")
    .normalize("NFC")
    .trim(),
  length: (text) => [...globalThis.typedText.clean(text)].length,
};
