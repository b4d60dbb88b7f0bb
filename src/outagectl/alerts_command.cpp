// silence, maintenance and notify: what people are told; user-report: what they tell.
#include <algorithm>
#include <limits>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "base/encoding.hpp"
#include "base/units.hpp"
#include "core/pattern.hpp"
#include "notify/documents.hpp"
#include "outagectl/commands.hpp"
#include "outagectl/exit_code.hpp"
#include "outagectl/known.hpp"
#include "outagectl/source.hpp"
#include "serve/documents.hpp"

namespace outaged::ctl {
namespace {

using Json = nlohmann::json;

constexpr int kMessages = 200;
/// A receiver may be slow, and a message may take several requests.
constexpr Micros kTestTime = std::chrono::minutes{2};

std::string user_name() {
  const passwd* user = ::getpwuid(::getuid());
  return user != nullptr ? user->pw_name : "somebody";
}

std::string text_of(const Json& document, const char* key) {
  const auto found = document.find(key);
  return found != document.end() && found->is_string() ? found->get<std::string>() : "";
}

/// The answer to a change that was asked for, or the exit code of a complaint.
int show(const Context& context, const Expected<Document, NoDocument>& changed,
         const std::function<std::string(const Json&)>& done) {
  if (!changed) {
    const auto& error = changed.error();
    if (error.status == 0) return complain(error.reason + "; only a running daemon can do this", kUnreachable);
    return complain(error.reason, code_of(error.status));
  }
  if (context.json) {
    print_json(changed->body);
  } else {
    fmt::print("{}\n", done(changed->body));
  }
  return kOk;
}

/// Has the daemon change something; prints `done` of its answer.
int change(const Context& context, const std::string& target, const Json& body,
           const std::function<std::string(const Json&)>& done) {
  return show(context, change(context.source, target, body), done);
}

/// Prints a list that the daemon, or else the database, gives.
int list(const Context& context, const std::string& target, const std::function<Json(store::Reader&)>& from_file,
         const std::function<std::string(const Json&)>& render) {
  auto document = fetch(context.source, target, from_file);
  if (!document) return complain(document.error().reason, code_of(document.error().status));
  if (context.json) {
    print_json(document->body);
  } else {
    fmt::print("{}", render(document->body));
  }
  return kOk;
}

std::string render_messages(const Json& document) {
  std::string out;
  for (const auto& problem : document["channel_problems"])
    out += fmt::format("The channel {} cannot be written to since {}: {}\n", text_of(problem, "channel"),
                       text_of(problem, "since"), text_of(problem, "detail"));
  for (const auto& message : document["notifications"])
    out += fmt::format("{:>6}  {:<9}  {:<12}  {:<28}  {} attempt(s)  {}\n", message["id"].get<std::int64_t>(),
                       text_of(message, "state"), text_of(message, "channel"), text_of(message, "reference"),
                       message["attempts"].get<int>(), text_of(message, "detail"));
  return out.empty() ? "No messages.\n" : out;
}

/// A pattern that meets nothing is a typing mistake more often than it is foresight: a complaint's exit code, unless
/// that is what is wanted or nobody can say what is watched.
std::optional<int> refused_as_unknown(const Context& context, const AlertArguments& arguments) {
  const auto pattern = parse_pattern(arguments.component);
  if (arguments.force || !pattern) return std::nullopt;
  auto names = components_of(known_probes(context.source));
  const bool meets = std::ranges::any_of(names, [&pattern](const std::string& name) {
    const auto component = parse_component(name);
    return component && pattern->matches(*component);
  });
  if (meets || names.empty()) return std::nullopt;
  std::set<std::string> patterns(names.begin(), names.end());
  for (const auto& name : names) {
    const auto slash = name.find('/');
    patterns.insert(name.substr(0, slash) + "/*");
    patterns.insert("*" + name.substr(slash));
  }
  return complain(fmt::format("\"{}\" matches nothing that is watched now{}; --force takes it all the same",
                              arguments.component, suggestion(arguments.component, {patterns.begin(), patterns.end()})),
                  kBadData);
}

}  // namespace

int silence_add(const Context& context, const AlertArguments& arguments) {
  if (const auto refused = refused_as_unknown(context, arguments)) return *refused;
  const Json body = {{"component", arguments.component},
                     {"duration", arguments.duration},
                     {"reason", arguments.text},
                     {"by", user_name()}};
  return change(context, "/api/v1/silences", body, [](const Json& silence) {
    return fmt::format("Silence {}: nobody is told of {} until {}. Recording goes on.",
                       silence["id"].get<std::int64_t>(), text_of(silence, "component"), text_of(silence, "until"));
  });
}

int silence_list(const Context& context) {
  return list(
      context, "/api/v1/silences",
      [](store::Reader& reader) { return notify::silences_document(reader, wall_clock_now()); },
      [](const Json& document) {
        std::string out;
        for (const auto& one : document["silences"])
          out +=
              fmt::format("{:>4}  {:<28}  until {}  by {}  {}\n", one["id"].get<std::int64_t>(),
                          text_of(one, "component"), text_of(one, "until"), text_of(one, "by"), text_of(one, "reason"));
        return out.empty() ? "No silences.\n" : out;
      });
}

int silence_end(const Context& context, std::int64_t id) {
  return change(context, fmt::format("/api/v1/silences/{}/end", id), {},
                [id](const Json&) { return fmt::format("Silence {} is over.", id); });
}

int maintenance_add(const Context& context, const AlertArguments& arguments) {
  if (const auto refused = refused_as_unknown(context, arguments)) return *refused;
  const Json body = {{"component", arguments.component},
                     {"title", arguments.text},
                     {"begins", arguments.begins},
                     {"duration", arguments.duration},
                     {"zone", arguments.zone},
                     {"rule", arguments.rule},
                     {"by", user_name()}};
  return change(context, "/api/v1/maintenance", body, [](const Json& one) {
    const auto next = text_of(one, "next");
    return fmt::format("Maintenance {} of {}: {}.", one["id"].get<std::int64_t>(), text_of(one, "component"),
                       one["active"].get<bool>() ? "now, until " + text_of(one, "until") : "next at " + next);
  });
}

int maintenance_list(const Context& context) {
  return list(
      context, "/api/v1/maintenance",
      [](store::Reader& reader) { return notify::maintenance_document(reader, wall_clock_now()); },
      [](const Json& document) {
        std::string out;
        for (const auto& one : document["maintenance"]) {
          const bool active = one["active"].get<bool>();
          out += fmt::format("{:>4}  {:<28}  {} {}  for {}  {}  {}\n", one["id"].get<std::int64_t>(),
                             text_of(one, "component"), active ? "now, until" : "next",
                             text_of(one, active ? "until" : "next"), text_of(one, "duration"), text_of(one, "rule"),
                             text_of(one, "title"));
        }
        return out.empty() ? "No maintenance.\n" : out;
      });
}

int maintenance_end(const Context& context, std::int64_t id) {
  return change(context, fmt::format("/api/v1/maintenance/{}/end", id), {},
                [id](const Json&) { return fmt::format("Maintenance {} is over.", id); });
}

int notify_test(const Context& context, const std::string& channel) {
  const auto tested = change(context.source, "/api/v1/channels/" + url_encode(channel) + "/test", {}, kTestTime);
  const bool delivered = tested && tested->body["delivered"] == Json(true);
  const int code = show(context, tested, [delivered](const Json& answer) {
    return fmt::format("{}: {}", delivered ? "delivered" : "not delivered", text_of(answer, "answer"));
  });
  return code == kOk && !delivered ? kFailure : code;
}

int notify_queue(const Context& context) {
  return list(
      context, fmt::format("/api/v1/notifications?limit={}", kMessages),
      [](store::Reader& reader) {
        return serve::notifications_document(reader, std::numeric_limits<std::int64_t>::max(), kMessages);
      },
      render_messages);
}

int notify_retry(const Context& context, std::int64_t id, bool all) {
  if (all == (id > 0)) return complain("give the number of a message, or --all", kUsage);
  const auto target =
      all ? std::string{"/api/v1/notifications/retry"} : fmt::format("/api/v1/notifications/{}/retry", id);
  return change(context, target, {},
                [](const Json&) { return std::string{"Tried again; see \"outagectl notify queue\"."}; });
}

int user_report(const Context& context, const std::string& component, const std::string& text) {
  Json report = {{"component", component}};
  if (!text.empty()) report["text"] = text;
  return change(context, "/api/v1/user-reports", report, [](const Json& answer) {
    return std::string{answer["counted"].get<bool>()
                           ? "Counted. Many reports make outaged look closer; they are never an outage by themselves."
                           : "You have reported this within the last ten minutes; one report of each is counted, "
                             "and what it says kept."};
  });
}

}  // namespace outaged::ctl
