#include <filesystem>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/real_timer_queue.hpp"
#include "config/configuration.hpp"
#include "net/http_engine.hpp"
#include "net/resolver.hpp"
#include "outagectl/commands.hpp"
#include "outagectl/daemon_client.hpp"
#include "outagectl/exit_code.hpp"
#include "outagectl/known.hpp"
#include "probe/runner.hpp"
#include "serve/documents.hpp"
#include "serve/json_forms.hpp"
#include "serve/status_text.hpp"

namespace outaged::ctl {
namespace {

/// Longer than any run may take.
constexpr Micros kRunTime = std::chrono::minutes{11};

int show(const Context& context, const nlohmann::json& result) {
  if (context.json) {
    print_json(result);
  } else {
    fmt::print("{}", serve::render_result(result, {context.color}));
  }
  return result.value("class", "") == "success" ? kOk : kFailure;
}

int complain_of(const json::Faults& faults, int exit_code) {
  fmt::print(stderr, "{}", config::to_text(faults));
  return exit_code;
}

/// Runs a probe in this process; nothing is recorded.
Expected<Result, std::string> run_here(const config::Loaded& loaded,
                                       const std::shared_ptr<const probe::Definition>& definition) {
  boost::asio::io_context io{1};
  RealTimerQueue timers(io);
  auto engine = net::HttpEngine::create(io, loaded.settings.network);
  if (!engine) return Unexpected{engine.error()};
  auto resolver = net::Resolver::create(io, loaded.settings.network);
  if (!resolver) return Unexpected{resolver.error()};
  probe::Runner runner(**engine, **resolver, timers, Random::unpredictable(), loaded.redactor);
  std::optional<Result> result;
  auto run = runner.run(definition, Trigger::manual);
  boost::asio::co_spawn(io, std::move(run), [&result, &io](const std::exception_ptr& error, Result found) {
    if (error == nullptr) result = std::move(found);
    io.stop();
  });
  io.run();
  if (!result) return Unexpected{std::string{"the run failed inside; nothing can be said"}};
  return std::move(*result);
}

int run_entry(const Context& context, const config::Loaded& loaded, const probe::CatalogEntry& entry) {
  if (!entry.configured())
    return complain(fmt::format("not configured: {} is not set", entry.missing()), kBadConfiguration);
  auto result = run_here(loaded, entry.definition);
  if (!result) return complain(result.error(), kFailure);
  return show(context, serve::json_form(*result));
}

int run_without_daemon(const Context& context, const std::string& id) {
  if (context.configuration.empty())
    return complain("no daemon answers on " + context.source.socket + "; give --config FILE to run the probe here",
                    kUnreachable);
  auto loaded = config::load(context.configuration);
  if (!loaded) return complain_of(loaded.error(), kBadConfiguration);
  std::vector<KnownProbe> all;
  for (const auto& entry : loaded->catalog) {
    if (entry.definition->id.name == id) return run_entry(context, *loaded, entry);
    all.push_back({entry.definition->id.name, to_string(entry.definition->component), ""});
  }
  return complain(why_not_run(id, all), kBadData);
}

int run_file(const Context& context, const std::string& file) {
  if (context.configuration.empty())
    return complain("a probe file needs the variables of a configuration: give --config FILE", kUsage);
  auto loaded = config::load(context.configuration);
  if (!loaded) return complain_of(loaded.error(), kBadConfiguration);
  json::Faults faults;
  const auto entry = probe::load_probe_file(file, loaded->values, faults);
  if (!entry) return complain_of(faults, kBadData);
  return run_entry(context, *loaded, *entry);
}

}  // namespace

int probes(const Context& context) {
  auto document =
      fetch(context.source, "/api/v1/probes", [](store::Reader& reader) { return serve::probes_document(reader); });
  if (!document) return complain(document.error().reason, code_of(document.error().status));
  if (context.json) {
    print_json(document->body);
  } else {
    fmt::print("{}{}", serve::render_probes(document->body["probes"], {context.color}),
               serve::render_budgets(document->body.value("budgets", nlohmann::json::array()), {context.color}));
  }
  return kOk;
}

int probe_run(const Context& context, const std::string& id_or_file) {
  std::error_code error;
  if (std::filesystem::is_regular_file(id_or_file, error)) return run_file(context, id_or_file);
  auto answer = DaemonClient(context.source.socket)
                    .request("POST", "/api/v1/probes/" + url_encode(id_or_file) + "/run", kRunTime);
  if (!answer)
    return answer.error().no_daemon
               ? run_without_daemon(context, id_or_file)
               : complain(answer.error().reason, answer.error().denied ? kNotPermitted : kUnreachable);
  if (answer->status == 200) return show(context, answer->body);
  if (answer->status == 404) {
    const auto probes = known_probes(context.source);
    const auto why = probes.empty() ? "" : why_not_run(id_or_file, probes);
    if (!why.empty()) return complain(why, kBadData);
  }
  return complain(answer->body.value("detail", answer->body.value("title", "the daemon refused")),
                  code_of(answer->status));
}

int probe_check(const Context& context, const std::vector<std::string>& files) {
  probe::FixedValues values;
  if (!context.configuration.empty()) {
    auto settings = config::load_settings(context.configuration);
    if (!settings) return complain_of(settings.error(), kBadConfiguration);
    values.variables = settings->variables;
  }
  json::Faults faults;
  for (const auto& file : files) {
    if (const auto entry = probe::load_probe_file(file, values, faults))
      fmt::print("{}: right ({}, {} steps)\n", file, entry->definition->id.name, entry->definition->steps.size());
  }
  return faults.empty() ? kOk : complain_of(faults, kBadData);
}

}  // namespace outaged::ctl
