#pragma once
// What there is to be named on the command line, so that a name that means nothing is answered with one that does.
#include <string>
#include <vector>

#include "outagectl/source.hpp"

namespace outaged::ctl {

struct KnownProbe {
  std::string id;
  std::string component;
  std::string state;  ///< as in `outagectl probes`
};

/// All probes that the daemon, or else the database, lists; none when nobody can be asked.
std::vector<KnownProbe> known_probes(const Source& source);

/// Their components, each once.
std::vector<std::string> components_of(const std::vector<KnownProbe>& probes);

/// Why `name` is no probe that can be run now: a sentence, with a suggestion where there is one; "" when it is one.
std::string why_not_run(const std::string& name, const std::vector<KnownProbe>& probes);

/// " (did you mean \"whatsapp/*\"?)", or "".
std::string suggestion(const std::string& name, const std::vector<std::string>& names);

}  // namespace outaged::ctl
