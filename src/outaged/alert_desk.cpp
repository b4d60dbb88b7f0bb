#include "outaged/alert_desk.hpp"

#include <algorithm>

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/completion.hpp"
#include "base/json/write.hpp"
#include "base/number.hpp"
#include "base/units.hpp"
#include "notify/documents.hpp"
#include "notify/recurrence.hpp"
#include "store/late_reader.hpp"

namespace outaged::daemon {
namespace {

namespace asio = boost::asio;
using json::Json;
using serve::Request;
using serve::Response;
using Answer = std::function<void(Response)>;

Response document(unsigned status, const Json& body) {
  return {status, "application/json", json::written(body) + "\n"};
}

/// A time; or in a maintenance's own zone "2026-12-06 02:00".
std::optional<WallTime> parse_moment(const std::string& text, const Zone& zone) {
  if (auto time = parse_time(text)) return time;
  if (text.size() != 16 || text[10] != ' ') return std::nullopt;
  // The calendar and the clock are checked as if they were UTC.
  const auto civil = parse_time(text.substr(0, 10) + "T" + text.substr(11) + ":00Z");
  if (!civil) return std::nullopt;
  const auto day = std::chrono::floor<std::chrono::days>(*civil);
  return zone.moment(std::chrono::year_month_day{day}, *civil - day);
}

struct NewSilence {
  ComponentPattern component;
  Micros duration{0};
  std::string reason;
  std::string by;
};

struct NewMaintenance {
  ComponentPattern component;
  std::string title;
  std::string begins;
  Micros duration{0};
  std::string zone = "UTC";
  std::string rule;
  std::string by;
};

json::Shape<ComponentPattern> pattern_shape() {
  return json::converted<ComponentPattern, std::string>(
      json::text(),
      [](const std::string& text, const json::Cursor& cursor) {
        auto pattern = parse_pattern(text);
        if (!pattern) cursor.fault(json::describe(text), "components such as \"whatsapp/media-upload\" or \"*/login\"");
        return pattern;
      },
      [](const ComponentPattern& pattern) { return to_string(pattern); });
}

const json::Shape<NewSilence>& silence_shape() {
  static const auto shape =
      json::object<NewSilence>("Do not tell of these components.")
          .required("component", &NewSilence::component, pattern_shape(), "Which components.")
          .required("duration", &NewSilence::duration, json::duration(std::chrono::minutes{1}, std::chrono::days{366}),
                    "For how long, from now.")
          .field("reason", &NewSilence::reason, json::text(".{0,500}", "at most 500 characters"), "Why.")
          .field("by", &NewSilence::by, json::text(".{0,100}", "at most 100 characters"), "Who wants it.")
          .build();
  return shape;
}

const json::Shape<NewMaintenance>& maintenance_shape() {
  static const auto shape =
      json::object<NewMaintenance>("Trouble is expected.")
          .required("component", &NewMaintenance::component, pattern_shape(), "Which components.")
          .field("title", &NewMaintenance::title, json::text(".{0,200}", "at most 200 characters"), "What is done.")
          .required("begins", &NewMaintenance::begins, json::nonempty_text(), "The first time.")
          .required("duration", &NewMaintenance::duration,
                    json::duration(std::chrono::minutes{1}, std::chrono::days{366}), "How long each time.")
          .field("zone", &NewMaintenance::zone, json::nonempty_text(), "In whose civil time it repeats.")
          .field("rule", &NewMaintenance::rule, json::text(), "When it repeats, such as FREQ=WEEKLY;BYDAY=SU.")
          .field("by", &NewMaintenance::by, json::text(".{0,100}", "at most 100 characters"), "Who wants it.")
          .build();
  return shape;
}

/// The body as a T; or the answer that says what is wrong with it.
template <class T>
Expected<T, Response> read_body(const Request& request, const json::Shape<T>& shape) {
  const auto parsed = json::parse_untrusted(request.body, 16);
  if (!parsed) return Unexpected{serve::problem(400, "Not JSON", parsed.error())};
  json::Faults faults;
  auto value = shape.read(*parsed, json::Cursor("request", faults));
  if (!value) return Unexpected{serve::problem(422, "Not right", json::to_string(faults.front()))};
  return std::move(*value);
}

std::optional<std::int64_t> number_of(const std::string& text) {
  const auto number = parse_number<std::int64_t>(text);
  return number && *number > 0 ? number : std::nullopt;
}

/// Shared by the routes; used on the server's thread.
class Desk {
 public:
  explicit Desk(AlertDesk parts) : parts_(std::move(parts)), reader_(parts_.database) {}

  Response silences() { return document(200, notify::silences_document(reader_.get(), parts_.now())); }
  Response maintenance() { return document(200, notify::maintenance_document(reader_.get(), parts_.now())); }

  void add_silence(const Request& request, const Answer& answer) {
    auto wanted = read_body(request, silence_shape());
    if (!wanted) return answer(wanted.error());
    change<store::Silence>(
        [wanted = *wanted](notify::Calendar& calendar, WallTime now) {
          return calendar.add({0, wanted.component, now, now + wanted.duration, wanted.reason, wanted.by}, now);
        },
        [](store::Batch& batch, const store::Silence& silence) { batch.silences.push_back(silence); }, 201, answer);
  }

  void end_silence(const Request& request, const Answer& answer) {
    change<store::Silence>(
        [id = number_of(request.path.at(3))](notify::Calendar& calendar, WallTime now) {
          return found(id ? calendar.end_silence(*id, now) : std::nullopt, "silence");
        },
        [](store::Batch& batch, const store::Silence& silence) { batch.silences.push_back(silence); }, 200, answer);
  }

  void add_maintenance(const Request& request, const Answer& answer) {
    auto wanted = read_body(request, maintenance_shape());
    if (!wanted) return answer(wanted.error());
    const auto zone = Zone::find(wanted->zone);
    const auto begins = parse_moment(wanted->begins, zone.value_or(Zone{}));
    if (!begins)
      return answer(serve::problem(
          422, "Not right", "\"begins\" is a time such as 2026-12-06T02:00:00Z, or 2026-12-06 02:00 in the zone."));
    change<store::Maintenance>(
        [wanted = *wanted, begins = *begins](notify::Calendar& calendar, WallTime now) {
          return calendar.add(
              {0, wanted.component, wanted.title, begins, wanted.duration, wanted.zone, wanted.rule, wanted.by}, now);
        },
        [](store::Batch& batch, const store::Maintenance& one) { batch.maintenances.push_back(one); }, 201, answer);
  }

  void end_maintenance(const Request& request, const Answer& answer) {
    change<store::Maintenance>(
        [id = number_of(request.path.at(3))](notify::Calendar& calendar, WallTime now) {
          return found(id ? calendar.end_maintenance(*id, now) : std::nullopt, "maintenance");
        },
        [](store::Batch& batch, const store::Maintenance& one) { batch.maintenances.push_back(one); }, 200, answer);
  }

  void retry(const Request& request, const Answer& answer) {
    const bool all = request.path.size() == 4;
    const auto id = all ? std::optional<std::int64_t>{0} : number_of(request.path.at(3));
    if (!id) return answer(serve::problem(404, "No such message", "A message has a number; see \"notify queue\"."));
    if (!all && !reader_.get().was_given_up(*id))
      return answer(
          serve::problem(404, "Not given up", "No message of this number was given up; see \"notify queue\"."));
    parts_.notifier.retry(*id, [answer] { answer(document(202, {{"retried", true}})); });
  }

  void test(const Request& request, const Answer& answer) {
    const auto& channel = request.path.at(3);
    if (!parts_.channels.contains(channel))
      return answer(serve::problem(404, "No such channel", "There is no channel \"" + channel + "\"."));
    notify::Context context;
    context.site = parts_.site;
    context.public_address = parts_.public_address;
    auto message = notify::test_message(context);
    message.reference = "test-" + format_time(parts_.now());
    parts_.notifier.send_test(channel, std::move(message), [answer](const notify::Reply& reply) {
      const bool taken = reply.kind == notify::ReplyKind::delivered;
      answer(document(200, {{"delivered", taken}, {"answer", reply.words}}));
    });
  }

 private:
  template <class T>
  static Expected<T, std::string> found(std::optional<T> value, const std::string& what) {
    if (value) return std::move(*value);
    return Unexpected{"There is no such " + what + "."};
  }

  [[nodiscard]] static Json form(const store::Silence& silence, WallTime /*now*/) { return notify::json_form(silence); }
  [[nodiscard]] static Json form(const store::Maintenance& one, WallTime now) { return notify::json_form(one, now); }

  /// Lets the calendar do `act` on its thread and answers when the outcome is stored.
  template <class T, class Act, class Keep>
  void change(Act act, Keep keep, unsigned status, const Answer& answer) {
    const auto outcome = std::make_shared<Response>();
    parts_.change_calendar(
        [act, keep, outcome, status](notify::Calendar& calendar, WallTime now) {
          store::Batch batch;
          Expected<T, std::string> changed = act(calendar, now);
          if (changed) {
            keep(batch, *changed);
            *outcome = document(status, form(*changed, now));
          } else {
            *outcome = serve::problem(status == 201 ? 422 : 404, "Not done", changed.error());
          }
          return batch;
        },
        [outcome, answer] { answer(*outcome); });
  }

  AlertDesk parts_;
  store::LateReader reader_;
};

using Read = Response (Desk::*)();
using Act = void (Desk::*)(const Request&, const Answer&);

asio::awaitable<Response> read(std::shared_ptr<Desk> desk, Read what) {
  co_return (desk.get()->*what)();
}

asio::awaitable<Response> act(std::shared_ptr<Desk> desk, Act what, Request request) {
  // The lambda is no coroutine. NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
  const auto initiate = [desk, what, request](auto handler) {
    auto completion = std::make_shared<Completion<Response>>(std::move(handler));
    (desk.get()->*what)(request, [completion](Response response) { (*completion)(std::move(response)); });
  };
  const auto& token = asio::use_awaitable;
  auto response = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Response)>(initiate, token);
  co_return response;
}

}  // namespace

std::vector<serve::MaintenanceWindow> maintenance_windows(store::Reader& reader, WallTime from, WallTime until) {
  std::vector<serve::MaintenanceWindow> out;
  for (const auto& one : reader.maintenances(true)) {
    for (const auto& window : notify::windows(one, from, until)) {
      const auto ends = std::min(window.ends, one.ended.value_or(window.ends));
      if (window.begins < ends) out.push_back({one.id, one.pattern, one.title, window.begins, ends});
    }
  }
  std::ranges::stable_sort(out, {}, &serve::MaintenanceWindow::begins);
  return out;
}

std::vector<serve::Route> alert_routes(const AlertDesk& parts, const std::shared_ptr<serve::Gate>& gate) {
  const auto desk = std::make_shared<Desk>(parts);
  std::vector<serve::Route> routes;
  const auto get = [&](const char* name, Read what) {
    routes.push_back({"GET", {"api", "v1", name}, [desk, what](const Request&) { return read(desk, what); }});
  };
  const auto post = [&](std::vector<std::string> pattern, Act what) {
    pattern.insert(pattern.begin(), {"api", "v1"});
    routes.push_back({"POST", std::move(pattern), serve::guarded(gate, [desk, what](Request request) {
                        return act(desk, what, std::move(request));
                      })});
  };
  get("silences", &Desk::silences);
  get("maintenance", &Desk::maintenance);
  post({"silences"}, &Desk::add_silence);
  post({"silences", "*", "end"}, &Desk::end_silence);
  post({"maintenance"}, &Desk::add_maintenance);
  post({"maintenance", "*", "end"}, &Desk::end_maintenance);
  post({"notifications", "retry"}, &Desk::retry);
  post({"notifications", "*", "retry"}, &Desk::retry);
  post({"channels", "*", "test"}, &Desk::test);
  return routes;
}

}  // namespace outaged::daemon
