#include "store/settings.hpp"

#include <charconv>

namespace assay::store {

Settings settings(Store& store) {
    Settings all;
    store.each_event(
        [&](const Event& e) {
            all[e.stage] = {e.value, e.who, e.when, e.why, e.id};
            return true;
        },
        "setting");
    return all;
}

int change_settings(Store& store, const Act& act, const std::map<std::string, std::string>& changes,
                    const std::string& why) {
    const Settings before = settings(store);
    std::vector<Event> events;
    for (const auto& [name, value] : changes) {
        if (setting(before, name) == value) continue;
        Event event;
        event.kind = "setting", event.stage = name, event.value = value, event.why = why;
        events.push_back(std::move(event));
    }
    if (!events.empty()) store.append_all(act, events);
    return static_cast<int>(events.size());
}

std::string setting(const Settings& all, std::string_view name) {
    const auto at = all.find(name);
    return at == all.end() ? std::string() : at->second.value;
}

std::vector<std::string> list_of(const Settings& all, std::string_view name) {
    const std::string value = setting(all, name);
    std::vector<std::string> parts;
    for (std::size_t at = 0; at < value.size();) {
        const std::size_t end = std::min(value.find(';', at), value.size());
        std::size_t first = at, last = end;
        while (first < last && value[first] == ' ')
            ++first;
        while (last > first && value[last - 1] == ' ')
            --last;
        if (last > first) parts.push_back(value.substr(first, last - first));
        at = end + 1;
    }
    return parts;
}

int reviewers_of(const Settings& all) {
    const std::string value = setting(all, "reviewers");
    int number = 1;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return number < 1 ? 1 : number;
}

} // namespace assay::store
