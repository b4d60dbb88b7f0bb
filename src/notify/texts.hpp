#pragma once
// A message in words. A language is one table of phrases (texts/english.cpp); the order of what is said is the same in
// all of them (say). Words that a shop owner understands; a technical term only behind its meaning. Pure.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/zone.hpp"
#include "notify/message.hpp"

namespace outaged::notify {

/// A message in plain, unmarked text, in parts that a channel lays out. Nothing in it is escaped.
struct Wording {
  std::string mark;                     ///< one emoji for the severity; `facts` says the same in a word
  std::string headline;                 ///< one line
  std::vector<std::string> paragraphs;  ///< sentences, most important first
  std::vector<std::string> points;      ///< one line per affected component
  std::vector<std::pair<std::string, std::string>> facts;  ///< label, value
  std::string link;                                        ///< an address, or empty
  std::string link_label;
  std::string acknowledge_link;  ///< an address, or empty
  std::string acknowledge_label;
  std::string footer;  ///< incident, reference, site, time of sending
  bool operator==(const Wording&) const = default;
};

/// The phrases of one language. "{}" marks stand for values, in the order that the comment says.
struct Texts {
  std::string_view (*platform)(std::string_view);  ///< display name; the argument itself when it is not known
  std::string (*function)(std::string_view);       ///< "sending photos, videos and files"
  std::string_view (*layer)(Layer);                ///< "its servers answer with errors (HTTP)"
  std::string_view (*state)(ComponentState);
  std::string_view (*severity)(Severity);
  std::string (*attempts_fail)(double share);     ///< "31 % of attempts fail"
  std::string (*attempts_failed)(double share);   ///< "31 % of attempts failed"
  std::string (*own_network)(const OwnNetwork&);  ///< a sentence
  /// Titles, diagnoses and changes come in English. A language of its own makes them anew from the facts: a title, and
  /// a change as a sentence ("" when the text of the change is somebody's own words, which are quoted). English has
  /// neither.
  std::string (*title)(const Message&) = nullptr;
  std::string_view (*change)(incident::UpdateKind, int count) = nullptr;
  std::string_view headline_updated;   ///< title
  std::string_view headline_resolved;  ///< title
  std::string_view headline_reminder;  ///< title, how long so far
  std::string_view headline_test;      ///< site
  std::string_view headline_digest;    ///< how many messages
  std::string_view test_sentence;
  std::string_view digest_sentence;
  std::string_view point;        ///< platform, function, what happens
  std::string_view at_worst;     ///< "31 % of attempts failed"
  std::string_view more_points;  ///< how many are not listed
  std::string_view since, noticed, until, duration, so_far, worst, severity_label, still_works,
      our_network;                                     ///< labels
  std::string_view vendor, acknowledged, next_update;  ///< labels
  std::string_view next_update_value;                  ///< time
  std::string_view link_label;
  std::string_view acknowledge_label;
  std::string_view footer_incident;  ///< number, reference
  std::string_view footer_site;      ///< site
  std::string_view footer_sent;      ///< time
};

// One file in texts/ each, and a row in texts.cpp.
const Texts& english();
const Texts& italian();

/// By its code ("en", "it"); nullptr when there is none.
const Texts* find_texts(std::string_view language);
/// The codes of all languages.
std::vector<std::string> languages();

/// `sent_at` is the time of this attempt, so that the reader sees when it happened and when it was sent. Times are UTC;
/// another `zone` adds its own.
Wording say(const Message& message, const Texts& texts, WallTime sent_at, const Zone& zone = {});

}  // namespace outaged::notify
