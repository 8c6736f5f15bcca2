// Puts what the stage that knows the appraisal tools says of answers and decisions to the cells it speaks of.
#include "bundle/check_context.hpp"

namespace assay::bundle {

void check_appraisals(Context& context) {
    if (!context.vocabulary.appraisals) return;
    for (model::RowMessage& message : context.vocabulary.appraisals(context.review))
        if (!context.failed(message.row, message.field))
            context.complain(message.code, message.row, message.field, std::move(message.message),
                             std::move(message.hint));
}

} // namespace assay::bundle
