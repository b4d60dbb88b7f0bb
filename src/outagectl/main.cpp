// outagectl: the command line.
#include <array>
#include <cstdlib>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "config/configuration.hpp"
#include "config/paths.hpp"
#include "outagectl/commands.hpp"
#include "outagectl/exit_code.hpp"

namespace {

using namespace outaged;
using namespace outaged::ctl;

struct Arguments {
  std::string configuration;
  std::string socket;
  std::string database;
  bool json = false;
  bool watch = false;
  bool open_only = false;
  std::string component;
  std::string since = "30d";
  std::int64_t incident = 0;
  std::string text;
  std::string by;
  std::string probe;
  std::string file;
  std::vector<std::string> files;
  AlertArguments alert;
  std::int64_t number = 0;
  bool all = false;
  std::string channel;
  ReplayWishes replay;
};

bool wants_color() {
  const char* refused = std::getenv("NO_COLOR");
  return ::isatty(STDOUT_FILENO) != 0 && (refused == nullptr || *refused == '\0');
}

/// Paths as the daemon with the same configuration has them. A faulty configuration must not hide the status.
Context context_of(const Arguments& arguments) {
  Context context;
  context.configuration = arguments.configuration.empty() ? config::default_configuration() : arguments.configuration;
  context.json = arguments.json;
  context.color = wants_color();
  if (const auto settings = config::load_settings(context.configuration)) {
    context.source = {settings->serve.socket, settings->store.path};
  } else {
    context.source.database = config::default_database();
    context.source.socket = config::default_socket(context.source.database);
  }
  if (!arguments.database.empty()) {
    context.source.database = arguments.database;
    context.source.socket = config::default_socket(arguments.database);
  }
  if (!arguments.socket.empty()) context.source.socket = arguments.socket;
  return context;
}

CLI::App* command(CLI::App& parent, const std::string& name, const std::string& help, Arguments& arguments, int& code,
                  int (*run)(const Context&, const Arguments&)) {
  auto* added = parent.add_subcommand(name, help);
  added->add_flag("--json", arguments.json, "For programs: JSON, the same in every version");
  added->callback([&arguments, &code, run] { code = run(context_of(arguments), arguments); });
  return added;
}

void add_status(CLI::App& app, Arguments& arguments, int& code) {
  auto* status_command =
      command(app, "status", "What works and what does not. Exit 0 fine, 1 degraded, 2 outage, 3 unknown", arguments,
              code, [](const Context& context, const Arguments& a) {
                return a.watch ? watch_status(context, a.component) : status(context, a.component);
              });
  status_command->add_option("component", arguments.component, "Only this one, such as whatsapp/media-upload");
  status_command->add_flag("--watch", arguments.watch, "Again every two seconds");
}

void add_incidents(CLI::App& app, Arguments& arguments, int& code) {
  auto* list =
      command(app, "incidents", "The incidents, newest first", arguments, code,
              [](const Context& context, const Arguments& a) { return incidents(context, a.open_only, a.since); });
  list->add_flag("--open", arguments.open_only, "Only those that are open");
  list->add_option("--since", arguments.since, "How far back")->capture_default_str();
  auto* incident_command = app.add_subcommand("incident", "One incident")->require_subcommand(1);
  auto* show = command(*incident_command, "show", "Its diagnosis, components and timeline", arguments, code,
                       [](const Context& context, const Arguments& a) { return incident_show(context, a.incident); });
  show->add_option("id", arguments.incident, "Its number")->required();
  auto* report =
      command(*incident_command, "report", "A report in Markdown", arguments, code,
              [](const Context& context, const Arguments& a) { return incident_report(context, a.incident); });
  report->add_option("id", arguments.incident, "Its number")->required();
  struct Deed {
    const char* name;
    const char* help;
    bool needs_text;
    int (*run)(const Context&, const Arguments&);
  };
  constexpr std::array kDeeds{
      Deed{"ack", "Say that somebody looks after it", false,
           [](const Context& c, const Arguments& a) {
             return incident_change(c, a.incident, "acknowledge", a.text, a.by);
           }},
      Deed{"note", "Add anything worth keeping", true,
           [](const Context& c, const Arguments& a) { return incident_change(c, a.incident, "note", a.text, a.by); }},
      Deed{"hypothesis", "Say what the cause may be", true,
           [](const Context& c, const Arguments& a) {
             return incident_change(c, a.incident, "hypothesis", a.text, a.by);
           }},
      Deed{"vendor", "Record what the platform's owner says", true,
           [](const Context& c, const Arguments& a) { return incident_change(c, a.incident, "vendor", a.text, a.by); }},
      Deed{
          "resolve", "Close it, whatever the probes say", false,
          [](const Context& c, const Arguments& a) { return incident_change(c, a.incident, "resolve", a.text, a.by); }},
      Deed{"reopen", "Take it up again", false, [](const Context& c, const Arguments& a) {
             return incident_change(c, a.incident, "reopen", a.text, a.by);
           }}};
  for (const auto& deed : kDeeds) {
    auto* added = command(*incident_command, deed.name, deed.help, arguments, code, deed.run);
    added->add_option("id", arguments.incident, "Its number")->required();
    auto* text = added->add_option("text", arguments.text, "In your words");
    if (deed.needs_text) text->required();
    added->add_option("--by", arguments.by, "Who says so. Default: you");
  }
}

void add_probes(CLI::App& app, Arguments& arguments, int& code) {
  command(app, "probes", "All probes with what each last found", arguments, code,
          [](const Context& context, const Arguments&) { return probes(context); });
  auto* probe_command = app.add_subcommand("probe", "One probe")->require_subcommand(1);
  auto* run =
      command(*probe_command, "run", "Run it now, with every step and phase. Exit 0 when it succeeds", arguments, code,
              [](const Context& context, const Arguments& a) { return probe_run(context, a.probe); });
  run->add_option("probe", arguments.probe, "Its id, or a probe file (which is not recorded)")->required();
  auto* check = command(*probe_command, "check", "Check probe files", arguments, code,
                        [](const Context& context, const Arguments& a) { return probe_check(context, a.files); });
  check->add_option("files", arguments.files, "Probe files")->required();
}

void add_silences(CLI::App& app, Arguments& arguments, int& code) {
  auto* silence = app.add_subcommand("silence", "Tell nobody of a component for a while")->require_subcommand(1);
  auto* add = command(*silence, "add", "From now on; recording goes on", arguments, code,
                      [](const Context& context, const Arguments& a) { return silence_add(context, a.alert); });
  add->add_option("component", arguments.alert.component, "Such as whatsapp/media-upload, whatsapp/*, */login, */*")
      ->required();
  add->add_option("--for", arguments.alert.duration, "How long, such as 2h")->required();
  add->add_option("--reason", arguments.alert.text, "Why");
  add->add_flag("--force", arguments.alert.force, "Even if nothing that is watched now is meant");
  command(*silence, "list", "Those that hold", arguments, code,
          [](const Context& context, const Arguments&) { return silence_list(context); });
  auto* end = command(*silence, "end", "End one early", arguments, code,
                      [](const Context& context, const Arguments& a) { return silence_end(context, a.number); });
  end->add_option("id", arguments.number, "Its number")->required();
}

void add_user_report(CLI::App& app, Arguments& arguments, int& code) {
  auto* report = command(
      app, "user-report", "Something does not work for you", arguments, code,
      [](const Context& context, const Arguments& a) { return user_report(context, a.component, a.alert.text); });
  report->add_option("component", arguments.component, "Such as whatsapp/media-upload")->required();
  report->add_option("--text", arguments.alert.text, "What it looks like, for the timeline; at most 280 bytes");
}

void add_maintenance(CLI::App& app, Arguments& arguments, int& code) {
  auto* maintenance = app.add_subcommand("maintenance", "Times at which trouble is expected")->require_subcommand(1);
  auto* add = command(*maintenance, "add", "Once, or repeated by a rule", arguments, code,
                      [](const Context& context, const Arguments& a) { return maintenance_add(context, a.alert); });
  add->add_option("component", arguments.alert.component, "As for silences")->required();
  add->add_option("--begins", arguments.alert.begins, "2026-12-06T02:00:00Z, or \"2026-12-06 02:00\" in the zone")
      ->required();
  add->add_option("--for", arguments.alert.duration, "How long each time, such as 2h")->required();
  add->add_option("--zone", arguments.alert.zone, "Time zone, such as Europe/Rome")->capture_default_str();
  add->add_option("--rule", arguments.alert.rule, "When it repeats, such as \"FREQ=WEEKLY;BYDAY=SU\"");
  add->add_option("--title", arguments.alert.text, "What is done");
  add->add_flag("--force", arguments.alert.force, "Even if nothing that is watched now is meant");
  command(*maintenance, "list", "What is planned", arguments, code,
          [](const Context& context, const Arguments&) { return maintenance_list(context); });
  auto* end = command(*maintenance, "end", "End or cancel one", arguments, code,
                      [](const Context& context, const Arguments& a) { return maintenance_end(context, a.number); });
  end->add_option("id", arguments.number, "Its number")->required();
}

void add_notify(CLI::App& app, Arguments& arguments, int& code) {
  auto* notify = app.add_subcommand("notify", "Messages to people")->require_subcommand(1);
  auto* test = command(*notify, "test", "Send a test to a channel; prints what its receiver says", arguments, code,
                       [](const Context& context, const Arguments& a) { return notify_test(context, a.channel); });
  test->add_option("channel", arguments.channel, "Its name in the configuration")->required();
  command(*notify, "queue", "What waits, what was given up, what was delivered last", arguments, code,
          [](const Context& context, const Arguments&) { return notify_queue(context); });
  auto* retry =
      command(*notify, "retry", "Try again what was given up", arguments, code,
              [](const Context& context, const Arguments& a) { return notify_retry(context, a.number, a.all); });
  retry->add_option("id", arguments.number, "The message's number");
  retry->add_flag("--all", arguments.all, "All of them");
}

void add_replay(CLI::App& app, Arguments& arguments, int& code) {
  auto* replay_command = command(app, "replay", "What would have been raised, and when, over recorded results",
                                 arguments, code, [](const Context& context, const Arguments& a) {
                                   auto wishes = a.replay;
                                   if (a.json) wishes.format = "json";
                                   return replay(context, wishes);
                                 });
  auto& wishes = arguments.replay;
  auto* csv = replay_command->add_option("--csv", wishes.csv, "A file with one result a row (docs/cli.md)");
  auto* database = replay_command->add_option("--db", arguments.database, "The results of this database");
  csv->excludes(database);
  replay_command->add_option("--since", wishes.since, "Stored results from this time on, or of the last 2d");
  replay_command->add_option("--until", wishes.until, "Stored results before this time");
  replay_command->add_option("--sample", wishes.sample,
                             "Ask as the schedule would, each probe at this interval and at its quick re-checks");
  replay_command->add_option("--config", arguments.configuration, "Take the settings from this configuration");
  replay_command->add_option("--set", wishes.sets, "Another setting: detection.KEY=VALUE")->allow_extra_args(false);
  replay_command->add_option("--format", wishes.format, "text, json, or events (CSV, one decision a row)")
      ->check(CLI::IsMember({"text", "json", "events"}))
      ->capture_default_str();
}

void add_config(CLI::App& app, Arguments& arguments, int& code) {
  auto* config_command = app.add_subcommand("config", "The configuration")->require_subcommand(1);
  auto* check = command(*config_command, "check", "Check it, with all probe files", arguments, code,
                        [](const Context& context, const Arguments& a) { return config_check(context, a.file); });
  check->add_option("file", arguments.file, "Default: that of --config, $OUTAGED_CONFIG or /etc/outaged/outaged.json");
  command(*config_command, "show", "All settings that hold, defaults included", arguments, code,
          [](const Context& context, const Arguments&) { return config_show(context); });
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  int code = kOk;
  CLI::App app{"Asks outaged, or its database when no daemon runs."};
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string{OUTAGED_VERSION});
  app.add_option("--config", arguments.configuration,
                 "Configuration file. Default: $OUTAGED_CONFIG, else /etc/outaged/outaged.json");
  app.add_option("--socket", arguments.socket, "The daemon's Unix socket, when it is not where the configuration says");
  app.add_option("--db", arguments.database, "The database, likewise");
  app.footer(
      "Examples:\n  outagectl status\n  outagectl status whatsapp/media-upload --json\n"
      "  outagectl incidents --open\n  outagectl probe run control.google");
  add_status(app, arguments, code);
  add_incidents(app, arguments, code);
  add_probes(app, arguments, code);
  add_user_report(app, arguments, code);
  add_silences(app, arguments, code);
  add_maintenance(app, arguments, code);
  add_notify(app, arguments, code);
  add_replay(app, arguments, code);
  add_config(app, arguments, code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  } catch (const std::exception& error) {
    return complain(error.what(), kFailure);
  }
  return code;
}
