#include "notify/message.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/json/parse.hpp"
#include "base/json/write.hpp"
#include "incident/wording.hpp"

namespace outaged::notify {
namespace {

/// Entries that a reader wants to be told of. `detected` and `resolved` have messages of their own.
bool matters(const incident::Incident& incident, std::size_t entry) {
  const auto& timeline = incident.timeline;
  switch (timeline[entry].kind) {
    case incident::UpdateKind::joined:
    case incident::UpdateKind::severity:
    case incident::UpdateKind::vendor:
    case incident::UpdateKind::hypothesis:
    case incident::UpdateKind::note:
    case incident::UpdateKind::reopened:
    case incident::UpdateKind::recovered: return true;
    // How many attempts fail goes up and down; that it grows graver is told. A diagnosis without a word of what is new
    // stands beside what is.
    case incident::UpdateKind::diagnosis: {
      const auto news = incident::news_of_diagnosis(timeline[entry].text);
      return !news.empty() && news != incident::kMoreWords && news != incident::kLessWords;
    }
    // Whoever was never told that something works again need not be told that it fails again.
    case incident::UpdateKind::relapsed:
      return std::any_of(timeline.begin(), timeline.begin() + static_cast<std::ptrdiff_t>(entry),
                         [](const auto& earlier) { return earlier.kind == incident::UpdateKind::recovered; });
    case incident::UpdateKind::detected:
    case incident::UpdateKind::acknowledged:
    case incident::UpdateKind::site:
    case incident::UpdateKind::monitoring:
    case incident::UpdateKind::resolved: return false;
  }
  return false;
}

/// Where the entries of the timeline's last moment begin: one decision may write several at once.
std::size_t latest_moment(const incident::Incident& incident) {
  std::size_t position = incident.timeline.size();
  while (position > 0 && incident.timeline[position - 1].at == incident.timeline.back().at) --position;
  return position;
}

std::string latest_text(const incident::Incident& incident, incident::UpdateKind kind) {
  for (auto update = incident.timeline.rbegin(); update != incident.timeline.rend(); ++update) {
    if (update->kind == kind) return update->text;
  }
  return {};
}

/// Of what works, what is on a platform that the incident touches, is not itself affected, and has answered since.
std::vector<ComponentId> still_working(const incident::Incident& incident, const Context& context) {
  std::set<std::string> platforms;
  std::set<ComponentId> affected;
  for (const auto& part : incident.components) {
    platforms.insert(part.id.platform);
    affected.insert(part.id);
  }
  std::set<ComponentId> sorted;
  for (const auto& component : context.working) {
    const auto answered = context.answered.find(component);
    if (answered != context.answered.end() && answered->second <= incident.onset) continue;
    if (platforms.contains(component.platform) && !affected.contains(component)) sorted.insert(component);
  }
  return {sorted.begin(), sorted.end()};
}

json::Shape<WallTime> time_shape() {
  auto shape = json::converted<WallTime, std::string>(
      json::text(),
      [](const std::string& text, const json::Cursor& cursor) -> std::optional<WallTime> {
        auto time = parse_time(text);
        if (!time) cursor.fault(json::describe(text), "a time such as \"2019-07-03T14:02:00Z\"");
        return time;
      },
      [](const WallTime& time) { return format_time(time); });
  shape.schema["format"] = "date-time";
  return shape;
}

json::Shape<ComponentId> component_shape() {
  return json::converted<ComponentId, std::string>(
      json::text(),
      [](const std::string& text, const json::Cursor& cursor) -> std::optional<ComponentId> {
        auto component = parse_component(text);
        if (!component) cursor.fault(json::describe(text), "a component such as \"whatsapp/media-upload\"");
        return component;
      },
      [](const ComponentId& component) { return to_string(component); });
}

json::Shape<IncidentId> incident_shape() {
  return json::converted<IncidentId, std::int64_t>(
      json::integer(0, std::numeric_limits<std::int64_t>::max()),
      [](const std::int64_t& number, const json::Cursor&) { return std::optional{IncidentId{number}}; },
      [](const IncidentId& id) { return id.number; });
}

json::Shape<Change> change_shape() {
  return json::object<Change>("One thing that changed.")
      .required("kind", &Change::kind, json::choice<incident::UpdateKind>(), "What kind of change.")
      .required("text", &Change::text, json::text(), "In words, English.")
      .field("count", &Change::count, json::integer_as<int>(1, 1'000'000), "For how many of its kind it stands.")
      .build();
}

json::Shape<AffectedPart> affected_shape() {
  return json::object<AffectedPart>("A component's part in the incident.")
      .required("component", &AffectedPart::component, component_shape(), "Platform and function.")
      .required("state", &AffectedPart::state, json::choice<ComponentState>(), "What it is believed to be.")
      .field("share", &AffectedPart::share, json::number(0, 1), "Of recent attempts, how many fail; 0 to 1.")
      .field("worst_share", &AffectedPart::worst_share, json::number(0, 1), "The highest share of the incident.")
      .field("layer", &AffectedPart::layer, json::choice<Layer>(), "Where most of it breaks.")
      .build();
}

json::Shape<OwnNetwork> own_network_shape() {
  return json::object<OwnNetwork>("What the control probes say about our own network.")
      .required("online", &OwnNetwork::online, json::boolean(), "Whether we are believed to be connected.")
      .field("controls", &OwnNetwork::controls, json::integer_as<int>(0, 1'000'000), "Control probes asked.")
      .field("controls_failing", &OwnNetwork::controls_failing, json::integer_as<int>(0, 1'000'000),
             "How many of them fail.")
      .build();
}

/// Several changes of a kind that name a component before `words` become one, which names them all.
void in_one_sentence(std::vector<Change>& changes, incident::UpdateKind kind, std::string_view words,
                     std::string_view phrase) {
  std::vector<std::string> names;
  const auto names_one = [kind, words](const Change& one) {
    return one.kind == kind && one.text.find(words) != std::string::npos;
  };
  for (const Change& one : changes) {
    if (names_one(one)) names.push_back(one.text.substr(0, one.text.find(words)));
  }
  if (names.size() < 2) return;
  *std::ranges::find_if(changes, names_one) = {kind, fmt::format(fmt::runtime(phrase), incident::join_names(names)),
                                               static_cast<int>(names.size())};
  std::erase_if(changes, names_one);
}

}  // namespace

MessageKind kind_of(incident::AnnouncementKind kind) {
  switch (kind) {
    case incident::AnnouncementKind::opened: return MessageKind::opened;
    case incident::AnnouncementKind::updated: return MessageKind::updated;
    case incident::AnnouncementKind::resolved: return MessageKind::resolved;
  }
  throw std::invalid_argument("no such kind of announcement");
}

double Message::worst_share() const {
  double worst = 0;
  for (const auto& part : affected) worst = std::max(worst, part.worst_share);
  return worst;
}

std::string reference_of(const incident::Incident& incident, MessageKind kind) {
  return fmt::format("{}-{}-{}", incident.id.number, to_string(kind), incident.timeline.size());
}

bool has_news(const incident::Incident& incident, std::size_t told) {
  for (std::size_t i = told; i < incident.timeline.size(); ++i) {
    if (matters(incident, i)) return true;
  }
  return false;
}

std::vector<Change> changes_since(const incident::Incident& incident, std::size_t told) {
  std::vector<Change> changes;
  for (std::size_t i = told; i < incident.timeline.size(); ++i) {
    const auto& update = incident.timeline[i];
    if (!matters(incident, i)) continue;
    std::string text = update.text;
    // The diagnosis of the moment stands in the message anyway, and those before it hold no more.
    if (update.kind == incident::UpdateKind::diagnosis) text = incident::news_of_diagnosis(text);
    if (text.empty() || std::ranges::find(changes, text, &Change::text) != changes.end()) continue;
    changes.push_back({update.kind, std::move(text)});
  }
  in_one_sentence(changes, incident::UpdateKind::joined, incident::kJoinedWords, "Failing too: {}.");
  in_one_sentence(changes, incident::UpdateKind::recovered, incident::kRecoveredWords, "Working again: {}.");
  return changes;
}

Message compose(const incident::Incident& incident, MessageKind kind, const Context& context, std::size_t told) {
  Message message;
  message.kind = kind;
  message.reference = reference_of(incident, kind);
  message.incident = incident.id;
  message.site = context.site;
  message.severity = kind == MessageKind::resolved ? incident.peak_severity : incident.severity;
  message.title = incident.title;
  message.diagnosis = incident.diagnosis;
  if (kind == MessageKind::updated) message.changes = changes_since(incident, told);
  message.vendor = latest_text(incident, incident::UpdateKind::vendor);
  message.acknowledged = latest_text(incident, incident::UpdateKind::acknowledged);
  message.onset = incident.onset;
  message.detected = incident.opened_at;
  if (kind == MessageKind::resolved) message.ended = end_of(incident);
  for (const auto& part : incident.components)
    message.affected.push_back({part.id, part.state, part.share, part.worst_share, part.layer});
  message.working = still_working(incident, context);
  message.own_network = context.own_network;
  if (!context.public_address.empty())
    message.link = fmt::format("{}/incidents/{}", context.public_address, incident.id.number);
  if (context.acknowledge_link && kind != MessageKind::resolved && message.acknowledged.empty())
    message.acknowledge_link = context.acknowledge_link(incident.id);
  return message;
}

Message compose(const incident::Incident& incident, incident::AnnouncementKind kind, const Context& context) {
  return compose(incident, kind_of(kind), context, latest_moment(incident));
}

Message notice(std::string reference, std::string title, std::string text, Severity severity, WallTime at,
               const Context& context) {
  Message message;
  message.kind = MessageKind::notice;
  message.reference = std::move(reference);
  message.site = context.site;
  message.severity = severity;
  message.title = std::move(title);
  message.diagnosis = std::move(text);
  message.detected = at;
  message.link = context.public_address;
  return message;
}

Message test_message(const Context& context) {
  Message message;
  message.kind = MessageKind::test;
  message.reference = "test";
  message.site = context.site;
  message.own_network = context.own_network;
  message.link = context.public_address;
  return message;
}

const json::Shape<Message>& message_shape() {
  static const auto shape =
      json::object<Message>("What a person is told about an incident, as facts.")
          .required("kind", &Message::kind, json::choice<MessageKind>(), "Why it is sent.")
          .required("reference", &Message::reference, json::text(), "The same on every attempt at sending it.")
          .required("incident", &Message::incident, incident_shape(), "The incident's number; 0 for a test.")
          .field("site", &Message::site, json::text(), "The place from which we look.")
          .field("severity", &Message::severity, json::choice<Severity>(), "How grave it is; at the end, was.")
          .field("title", &Message::title, json::text(), "What fails for a person, in one line.")
          .field("diagnosis", &Message::diagnosis, json::text(), "A few sentences.")
          .field("changes", &Message::changes, json::list(change_shape()), "What is new, for an update.")
          .field("lines", &Message::lines, json::list(json::text()), "What a digest stands for.")
          .field("vendor", &Message::vendor, json::text(), "What the platform itself said last.")
          .field("acknowledged", &Message::acknowledged, json::text(), "Who has acknowledged; empty: nobody.")
          .field("onset", &Message::onset, time_shape(), "First bad result.")
          .field("detected", &Message::detected, time_shape(), "When the incident was opened.")
          .field("ended", &Message::ended, time_shape(), "Last bad result, when it is over.")
          .field("affected", &Message::affected, json::list(affected_shape()), "In order of joining.")
          .field("working", &Message::working, json::list(component_shape()), "What still works on these platforms.")
          .field("own_network", &Message::own_network, own_network_shape(), "Our own network.")
          .field("next_update", &Message::next_update, time_shape(), "A message comes then at the latest.")
          .field("link", &Message::link, json::text(), "The incident's page.")
          .field("acknowledge_link", &Message::acknowledge_link, json::text(), "Where one click acknowledges.")
          .build();
  return shape;
}

std::string to_payload(const Message& message) {
  // Texts of probes may hold bytes that are not UTF-8; they must not keep an alert from being written.
  return json::written(message_shape().write(message));
}

Expected<Message, std::string> from_payload(std::string_view payload) {
  auto parsed = json::parse_untrusted(payload);
  if (!parsed) return Unexpected{parsed.error()};
  json::Faults faults;
  auto message = message_shape().read(*parsed, json::Cursor{"message", faults});
  if (!message) return Unexpected{faults.empty() ? std::string{"not a message"} : json::to_string(faults.front())};
  return std::move(*message);
}

}  // namespace outaged::notify
