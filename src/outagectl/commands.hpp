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
/// Markdown, for people who were not there.
int incident_report(const Context& context, std::int64_t id);
/// `deed`: acknowledge, note, hypothesis, vendor, resolve, reopen. `by` empty: the user that runs this.
int incident_change(const Context& context, std::int64_t id, const std::string& deed, const std::string& text,
                    const std::string& by);

// probe_command.cpp
int probes(const Context& context);
int probe_run(const Context& context, const std::string& id_or_file);
int probe_check(const Context& context, const std::vector<std::string>& files);

// replay_command.cpp
struct ReplayWishes {
  std::string csv;     ///< file; "" replays the stored results
  std::string since;   ///< of the stored results: a time, or how long ago; "" for all
  std::string until;   ///< likewise
  std::string sample;  ///< "" for every row
  std::string format = "text";
  std::vector<std::string> sets;
};
int replay(const Context& context, const ReplayWishes& wishes);

// config_command.cpp
int config_check(const Context& context, const std::string& file);
int config_show(const Context& context);

// alerts_command.cpp
struct AlertArguments {
  std::string component;
  std::string duration;
  std::string begins;
  std::string zone = "UTC";
  std::string rule;
  std::string text;    ///< reason or title
  bool force = false;  ///< also of what nobody watches
};
int silence_add(const Context& context, const AlertArguments& arguments);
int silence_list(const Context& context);
int silence_end(const Context& context, std::int64_t id);
int maintenance_add(const Context& context, const AlertArguments& arguments);
int maintenance_list(const Context& context);
int maintenance_end(const Context& context, std::int64_t id);
int notify_test(const Context& context, const std::string& channel);
int notify_queue(const Context& context);
/// One message, or all that were given up.
int notify_retry(const Context& context, std::int64_t id, bool all);

/// `text`: what it looks like, or empty.
int user_report(const Context& context, const std::string& component, const std::string& text);

// output.cpp
void print_json(const nlohmann::json& document);
int complain(const std::string& reason, int exit_code);

}  // namespace outaged::ctl
