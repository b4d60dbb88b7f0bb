#pragma once
// Everything that the page without JavaScript says in words, a table for each language: page_english.cpp,
// page_italian.cpp. What the daemon tells in sentences of its own (titles, diagnoses, timelines) stays English. Pure.
#include <map>
#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace outaged::serve {

/// Words for what the documents of the API have as a name.
using Names = std::map<std::string, std::string, std::less<>>;

/// "{}" marks stand for values, in the order that the comment says.
struct PageTexts {
  std::string_view language;  ///< its code, for `lang`
  std::string_view decimal;   ///< point or comma
  std::string_view day;       ///< the unit, behind a number

  std::string_view now, incidents, probes;  ///< of the navigation
  std::string_view footer;
  std::string_view status_title;  ///< headline
  std::string_view as_of;         ///< time, site
  Names headlines;                ///< by indicator; without one the daemon's summary serves

  Names states, platforms, functions;
  Names severities, incident_states, updates;
  Names probe_states, classes, problems;

  std::string_view matrix, platform, not_probed, figures;
  std::string_view fail;    ///< percent
  std::string_view within;  ///< "of those that succeed, 95 % within"
  std::string_view ago;     ///< duration

  std::string_view network, network_unknown;
  std::string_view network_online;   ///< answering, all
  std::string_view network_offline;  ///< time, failing, all

  std::string_view vendors, vendors_silent, vendor_fine;
  std::string_view vendor_others_fine;  ///< how many
  std::string_view since, read;         ///< time

  std::string_view maintenance, every_platform, everything, again;
  std::string_view maintenance_until;  ///< time
  std::string_view maintenance_from;   ///< time, duration

  std::string_view open, none_open, past, none_past, report;
  std::string_view open_course, past_course;  ///< onset, duration
  std::string_view resolved;                  ///< time

  std::string_view probe, component, every, state, last_run;
  std::string_view left_alone;  ///< time
  std::string_view usage;       ///< percent
  std::string_view problem;     ///< kind
  std::string_view budgets, budgets_explained, owner, requests, bytes;
  std::string_view spent;      ///< spent, at most
  std::string_view unbounded;  ///< spent

  std::string_view failed;         ///< window, failures, attempts
  std::string_view nothing_known;  ///< why no share is told
  std::string_view last_asked;     ///< time

  std::string_view missing, no_incident, no_component, how_it_stands;
};

const PageTexts& page_english();
const PageTexts& page_italian();
/// All languages; the first is for readers who prefer none of them.
std::span<const PageTexts* const> page_languages();

/// The word for `name`; the name itself when there is none.
std::string named(const Names& names, const std::string& name);

template <class... Values>
std::string fill(std::string_view phrase, const Values&... values) {
  return fmt::format(fmt::runtime(phrase), values...);
}

}  // namespace outaged::serve
