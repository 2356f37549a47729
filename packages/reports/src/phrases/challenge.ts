/**
 * Challenge-response systems: they hold a mail until its sender proves to be a person. Lower case. For a site whose
 * reverse-path was forged each one is backscatter that asks it to let the spam through.
 */

export const CHALLENGE_SUBJECTS: readonly string[] = [
  "please confirm your message", // TMDA
  "confirm your message to", // TMDA
  "sender verification", // ASK, Earthlink, Boxbe
  "verify your email to",
  "your email requires verification", // Spam Arrest
  "requires verification verify#", // Spam Arrest: "... verify#abc"
  "[verify your message]",
  "suspect email blocker", // EarthLink spamBlocker
  "earthlink spamblocker",
  "re: your mail to me (verification required)",
  "please verify your message",
  "message awaiting approval by sender", // BlueBottle
  "confirm:", // qconfirm
  "boxbe",
  "challenge response", // Choicemail, MailFrontier
  "action required to deliver your message", // DigiPortal ChoiceMail
  "one-time sender verification",
  "your message is waiting for verification",
];

export const CHALLENGE_BODIES: readonly string[] = [
  "to release your message for delivery", // TMDA
  "this message was created automatically by mail delivery software (tmda)", // TMDA
  "your message is being held because the address", // TMDA
  "just this once, click the link below so i can receive your email", // Spam Arrest
  "spamarrest.com",
  "i apologize for this automatic reply to your email", // EarthLink spamBlocker
  "to control spam, i now allow incoming messages only from senders i have approved", // EarthLink
  "request permission to email me", // EarthLink
  "to prove that you are a human", // Choicemail
  "has not been delivered yet. please reply to this message to confirm", // ASK, qconfirm
  "please reply to this message to confirm that you are a real person",
  "your message has been placed in a pending queue", // ASK (Active Spam Killer)
  "is protected by boxbe",
  "boxbe.com",
  "protected by bluebottle",
  "to have your address added to the recipient's allowed list",
  "you only have to do this once", // qconfirm, Vanquish
  "confirm that you sent the message by replying", // Mailblocks
  "verify that you are a legitimate sender",
  "bitte bestätigen sie ihre nachricht",
  "cliquez sur le lien pour vous authentifier", // MailInBlack
  "mailinblack",
];
