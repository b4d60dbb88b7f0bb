#pragma once
// The commands. Each prints its answer to standard output, what went wrong to standard error, and returns the exit
// code.
#include <optional>
#include <string>
#include <vector>

#include "outagectl/source.hpp"

namespace outaged::ctl {

struct Context {
  std::string configuration;  ///< file, or "" for the defaults
  Source source;
  bool json = false;
  bool color = false;
};

// status_command.cpp
int status(const Context& context, const std::string& component);
/// Again every two seconds, until interrupted.
int watch_status(const Context& context, const std::string& component);

// incidents_command.cpp
int incidents(const Context& context, bool open_only, const std::string& since);
int incident_show(const Context& context, std::int64_t id);

// probe_command.cpp
int probes(const Context& context);
int probe_run(const Context& context, const std::string& id_or_file);
int probe_check(const Context& context, const std::vector<std::string>& files);

// replay_command.cpp
struct ReplayWishes {
  std::string csv;     ///< file; "" replays the stored results
  std::string since;   ///< of the stored results: a time, or how long ago; "" for all
  std::string until;
  std::string sample;  ///< "" for every row
  std::string format = "text";
  std::vector<std::string> sets;
};
int replay(const Context& context, const ReplayWishes& wishes);

// config_command.cpp
int config_check(const Context& context, const std::string& file);
int config_show(const Context& context);

// output.cpp
void print_json(const nlohmann::json& document);
int complain(const std::string& reason, int exit_code);

}  // namespace outaged::ctl
