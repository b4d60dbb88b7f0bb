#pragma once
// Whether what a step asks is an address at all. Said when the file is read, where that is known then; by the run,
// where an earlier answer gives the address: nobody should take a typing mistake for an outage. Pure.
#include <string>
#include <string_view>

#include "probe/classify.hpp"
#include "probe/text_template.hpp"

namespace outaged::probe {

/// What a text of a step leads to.
enum class Destination {
  page,         ///< http: an http or https address
  server,       ///< tcp, tls: "host:port", or an http or https address
  name,         ///< dns: a name, or an http or https address whose host is meant
  name_server,  ///< dns: an address or a name, with or without a port
};

/// Looks at scheme, host and port, and at nothing behind them.
bool is_destination(Destination kind, std::string_view text);

/// Reports a text, after bind(), of which no run can make such a destination. A variable that is empty and a secret
/// that is not set leave it open.
bool check_destination(Destination kind, const TextTemplate& text, const json::Cursor& cursor);

/// What it means that a run has come to `rendered`, which is none: an address that the platform itself gave is a wrong
/// answer of its, as a missing one is; anything else is our own mistake.
Verdict no_destination(const TextTemplate& text, const RunValues& values, const std::string& rendered);

}  // namespace outaged::probe
