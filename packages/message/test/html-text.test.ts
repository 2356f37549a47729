import { htmlToText } from "@triage/message";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

describe("the text of HTML", () => {
  test.each([
    ["<p>one</p><p>two<br>three</p>", "one\n\ntwo\nthree", "blocks and breaks are lines"],
    ["a <b>bold</b>, an<i>other</i>", "a bold, another", "inline tags are nothing"],
    ["  a\n\t b&nbsp;&nbsp;c ", "a b c", "blanks collapse"],
    ["<table><tr><td>550</td><td>5.1.1</td></tr><tr><td>x</td></tr></table>", "550 5.1.1\n\nx", "cells are apart"],
    [
      "a<script>if (a < b) document.write('<p>')</script>b<STYLE>p { }</style >c",
      "abc",
      "scripts and styles are not text",
    ],
    ["<html><head><title>T</title><meta><body>b", "b", "a title is not text, an open head hides nothing"],
    ["a<!-- <p>hidden --> -->b", "a -->b", "comments are not text"],
    ["<!DOCTYPE html><?xml version='1.0'?>a", "a", "declarations are not text"],
    ["1 < 2 && 3 > 2 <3", "1 < 2 && 3 > 2 <3", "a bare < is a character"],
    ['<a title="a > b" href=x>link</a>', "link", "a > in quotes ends no tag"],
    ["<joe@example.com>: unknown", ": unknown", "an address in bare brackets is a tag, as in a browser"],
    ["&lt;joe@example.com&gt;", "<joe@example.com>", "an escaped one is text"],
    ["a<br", "a", "what is not closed is dropped"],
    ["a<!-- b", "a", "an open comment too"],
  ])("%s is %j: %s", (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  test.each([
    ["&auml;&Auml;&euro;&hellip;&copy", "äÄ€…©"],
    ["&#228;&#xE4;&#XE4;&#8364", "äää€"],
    ["&#150;&#x80;", "–€"],
    ["&#0;&#xD800;&#x110000;&#9999999;", "\ufffd\ufffd\ufffd\ufffd"],
    ["&unknown; &; &# &amp;lt;", "&unknown; &; &# &lt;"],
  ])("has the characters that %s names", (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  test("never has a blank line twice, nor blanks at its ends, whatever the HTML", () => {
    const pieces = [
      "<p>",
      "</p>",
      "<br>",
      "<td>",
      " ",
      "\n",
      "a",
      "<!--",
      "-->",
      "<script>",
      "</script>",
      "<",
      ">",
      '"',
      "=",
      "&nbsp;",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (parts) => {
        expect(htmlToText(parts.join(""))).not.toMatch(/\n\n\n|^\s|\s$| \n|\n | {2}/);
      }),
      { numRuns: 1_000 },
    );
  });
});
