// The Italian phrases of messages. Titles are made from the facts, not translated.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "notify/texts.hpp"

namespace outaged::notify {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr std::array kPlatforms = std::to_array<Entry>({{"whatsapp", "WhatsApp"},
                                                        {"instagram", "Instagram"},
                                                        {"facebook", "Facebook"},
                                                        {"control", "Altri siti"},
                                                        {"own", "I nostri siti"}});

constexpr std::array kFunctions = std::to_array<Entry>({{"media-upload", "invio di foto, video e file"},
                                                        {"media-download", "apertura di foto, video e file"},
                                                        {"feed-load", "caricamento del feed"},
                                                        {"message", "invio di messaggi"},
                                                        {"login", "accesso"},
                                                        {"web", "apertura del sito"},
                                                        {"dns", "ricerca dei server (DNS)"},
                                                        {"edge", "connessione ai server"}});

std::string_view platform(std::string_view name) {
  for (const auto& [id, text] : kPlatforms) {
    if (id == name) return text;
  }
  return name;
}

/// A function of the user's own, such as "order-page", has only its name to go by.
std::string function(std::string_view name) {
  for (const auto& [id, text] : kFunctions) {
    if (id == name) return std::string{text};
  }
  std::string words{name};
  for (char& c : words) c = c == '-' ? ' ' : c;
  return words;
}

std::string_view layer(Layer layer) {
  switch (layer) {
    case Layer::dns: return "l'indirizzo non si trova (DNS)";
    case Layer::tcp: return "non ci si può collegare (TCP)";
    case Layer::tls: return "non si ottiene una connessione sicura (TLS)";
    case Layer::http: return "i server rispondono con errori (HTTP)";
    case Layer::api: return "i server segnalano errori (API)";
    case Layer::content: return "ciò che arriva è incompleto o sbagliato";
    case Layer::timeout: return "nessuna risposta in tempo utile";
    case Layer::local: return "il problema è della nostra macchina";
  }
  return {};
}

std::string_view state(ComponentState state) {
  switch (state) {
    case ComponentState::operational: return "funziona di nuovo";
    case ComponentState::degraded_performance: return "lento";
    case ComponentState::partial_outage: return "non funziona per alcuni";
    case ComponentState::major_outage: return "non funziona";
    case ComponentState::under_maintenance: return "in manutenzione";
    case ComponentState::unknown: return "al momento non valutabile";
  }
  return {};
}

std::string_view severity(Severity severity) {
  switch (severity) {
    case Severity::minor: return "lieve";
    case Severity::major: return "grave";
    case Severity::critical: return "critica";
  }
  return {};
}

/// How many attempts; never "0 %" of something that happened, nor "100 %" of something that sometimes works.
std::string attempts(double share) {
  if (share >= 1) return "tutti i tentativi";
  const double percent = std::round(share * 100);
  if (percent < 1) return "meno dell'1 % dei tentativi";
  return fmt::format("il {:.0f} % dei tentativi", std::min(percent, 99.0));
}

/// One and none take the singular, as does a percentage ("il 31 % … fallisce").
std::string fails(double share, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", attempts(share), share >= 1 ? plural : singular);
}

std::string attempts_fail(double share) {
  return fails(share, "fallisce", "falliscono");
}

std::string attempts_failed(double share) {
  return fails(share, "è fallito", "sono falliti");
}

std::string own_network(const OwnNetwork& network) {
  if (!network.online) return "in dubbio: nemmeno altri siti ci rispondono";
  const int answering = network.controls - network.controls_failing;
  if (network.controls == 0) return "a posto";
  return fmt::format("a posto: {} altri siti su {} rispondono", answering, network.controls);
}

/// "WhatsApp, Facebook: problemi con invio di foto, video e file".
std::string title(const Message& message) {
  std::string platforms;
  std::string functions;
  const auto add = [](std::string& list, std::string_view word) {
    if (list.find(word) != std::string::npos) return;
    if (!list.empty()) list += ", ";
    list += word;
  };
  for (const auto& part : message.affected) {
    add(platforms, platform(part.component.platform));
    add(functions, function(part.component.function));
  }
  return fmt::format("{}: problemi con {}", platforms, functions);
}

std::string_view change(incident::UpdateKind kind, int count) {
  const bool several = count > 1;
  switch (kind) {
    case incident::UpdateKind::joined:
      return several ? "Si sono aggiunti altri servizi." : "Si è aggiunto un altro servizio.";
    case incident::UpdateKind::severity: return "La gravità è aumentata.";
    case incident::UpdateKind::diagnosis: return "Il guasto si è spostato.";
    case incident::UpdateKind::recovered:
      return several ? "Alcuni servizi funzionano di nuovo." : "Un servizio funziona di nuovo.";
    default: return {};
  }
}

}  // namespace

const Texts& italian() {
  static const Texts texts{
      .platform = platform,
      .function = function,
      .layer = layer,
      .state = state,
      .severity = severity,
      .attempts_fail = attempts_fail,
      .attempts_failed = attempts_failed,
      .own_network = own_network,
      .title = title,
      .change = change,
      .headline_updated = "Aggiornamento: {}",
      .headline_resolved = "Finito: {}",
      .headline_reminder = "Continua da {1}: {0}",
      .headline_test = "Messaggio di prova da {}",
      .headline_digest = "Ciò che è successo mentre non si poteva inviare nulla: {} messaggi",
      .test_sentence = "Questo canale funziona. Non c'è nessun guasto e non occorre fare nulla.",
      .digest_sentence = "Non è stato possibile inviarli a tempo debito. Un solo messaggio per tutti:",
      .point = "{}, {}: {}",
      .at_worst = "al peggio {}",
      .more_points = "e altri {}",
      .since = "Da",
      .noticed = "Rilevato",
      .until = "Fino a",
      .duration = "Durata",
      .so_far = "Dura da",
      .worst = "Al peggio",
      .severity_label = "Gravità",
      .still_works = "Funziona ancora",
      .our_network = "La nostra rete",
      .vendor = "La piattaforma dice",
      .acknowledged = "Preso in carico",
      .next_update = "Prossimo messaggio",
      .next_update_value = "quando qualcosa cambia, al più tardi {}",
      .link_label = "Pagina di stato",
      .acknowledge_label = "Me ne occupo io",
      .footer_incident = "Incidente {}, messaggio {}",
      .footer_site = "visto da {}",
      .footer_sent = "inviato {}",
  };
  return texts;
}

}  // namespace outaged::notify
