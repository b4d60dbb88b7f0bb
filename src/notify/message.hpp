#pragma once
// Message: what a person is told about an incident, as facts and not yet as sentences. Made once, when the incident
// changes (compose); kept as JSON in the outbox; put into words of a language (texts.hpp) and into the markup of a
// receiver (channel.hpp) only at the moment of sending. Pure.
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "base/json/shape.hpp"
#include "core/names.hpp"
#include "core/vocabulary.hpp"
#include "incident/incident.hpp"

namespace outaged::notify {

/// The first three are those of incident::AnnouncementKind. Not about one incident are the last three: `test`, which
/// somebody asked for to try a channel; `notice`, about outaged itself, its probes, network or channels; `digest`,
/// which stands for many messages that could not be sent in time.
enum class MessageKind { opened, updated, resolved, reminder, test, notice, digest };

MessageKind kind_of(incident::AnnouncementKind kind);

/// One thing that changed, for `updated`, or several of one kind in one sentence. `text` is English; a language may say
/// it in words of its own by `kind`.
struct Change {
  incident::UpdateKind kind = incident::UpdateKind::note;
  std::string text;
  int count = 1;  ///< for how many it stands
  bool operator==(const Change&) const = default;
};

struct AffectedPart {
  ComponentId component;
  ComponentState state = ComponentState::operational;
  double share = 0;            ///< of recent attempts that fail, 0 … 1
  double worst_share = 0;      ///< the highest `share` of the incident
  std::optional<Layer> layer;  ///< where most of it breaks
  bool operator==(const AffectedPart&) const = default;
};

/// The verdict of the control probes about our own network.
struct OwnNetwork {
  bool online = true;
  int controls = 0;
  int controls_failing = 0;
  bool operator==(const OwnNetwork&) const = default;
};

struct Message {
  MessageKind kind = MessageKind::opened;
  /// The idempotency key: the same on every attempt and shown to the reader, so that a repeat is recognised as one.
  std::string reference;
  IncidentId incident;  ///< number 0 for a test
  std::string site;     ///< from where we look
  Severity severity = Severity::minor;
  std::string title;
  std::string diagnosis;
  std::vector<Change> changes;     ///< for `updated`: what is new since the last message
  std::vector<std::string> lines;  ///< for `digest`: one for each message that it stands for
  std::string vendor;              ///< what the platform itself said last
  std::string acknowledged;        ///< who has acknowledged, in a sentence; empty: nobody
  std::optional<WallTime> onset;
  std::optional<WallTime> detected;
  std::optional<WallTime> ended;  ///< last bad result, for `resolved`
  std::vector<AffectedPart> affected;
  std::vector<ComponentId> working;  ///< what still works on the platforms concerned
  std::optional<OwnNetwork> own_network;
  std::optional<WallTime> next_update;  ///< a message comes then at the latest, as long as it lasts
  std::string link;                     ///< address of the incident's page; empty when no public address is configured
  std::string acknowledge_link;         ///< where one click says "I am on it"; empty: no such address
  bool operator==(const Message&) const = default;

  [[nodiscard]] double worst_share() const;
};

/// What an incident does not know of itself.
struct Context {
  std::string site;
  /// Where people reach the status page, without a trailing slash; empty: no link.
  std::string public_address;
  /// Components that were seen to work just now. Those of platforms that the incident does not touch are left out of
  /// the message.
  std::vector<ComponentId> working;
  /// When each answered last. One that has not since an incident began is not said to work.
  std::map<ComponentId, WallTime> answered = {};
  std::optional<OwnNetwork> own_network;
  /// Makes the address that acknowledges an incident; not set: none.
  std::function<std::string(IncidentId)> acknowledge_link;
};

/// `told`: how many entries of the timeline the reader knows already.
Message compose(const incident::Incident& incident, MessageKind kind, const Context& context, std::size_t told);
/// The same for somebody who knows everything but the latest moment.
Message compose(const incident::Incident& incident, incident::AnnouncementKind kind, const Context& context);

/// The changes of a timeline from position `told` on that matter to a reader.
std::vector<Change> changes_since(const incident::Incident& incident, std::size_t told);

/// Whether the timeline holds anything from position `told` on that a reader wants to be told.
bool has_news(const incident::Incident& incident, std::size_t told);

/// Something that happened to outaged itself: `title` and a few sentences.
Message notice(std::string reference, std::string title, std::string text, Severity severity, WallTime at,
               const Context& context);

/// A message that says it is a test and needs no action.
Message test_message(const Context& context);

/// The key of an announcement: "12-opened-1", where the last number is the length of the incident's timeline, so that
/// the same announcement has the same key after a restart and no two announcements share one.
std::string reference_of(const incident::Incident& incident, MessageKind kind);

/// The JSON form of a message: the payload of outbox rows. Times are RFC 3339 UTC, components "platform/function".
const json::Shape<Message>& message_shape();
std::string to_payload(const Message& message);
/// The error in words; a payload is our own writing, so an error means that the row was damaged.
Expected<Message, std::string> from_payload(std::string_view payload);

}  // namespace outaged::notify

namespace outaged {
template <>
inline constexpr auto kEnumNames<notify::MessageKind> =
    std::to_array<std::string_view>({"opened", "updated", "resolved", "reminder", "test", "notice", "digest"});
}  // namespace outaged
