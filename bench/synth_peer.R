# The peer's side of bench/synth: CPU seconds of one repetition, then answers, for one task.
suppressMessages(library(metafor))
words <- commandArgs(trailingOnly = TRUE)
task <- words[1]; reps <- as.integer(words[3])
d <- read.table(words[2], col.names = c("y", "v", "x", "a", "n1", "c", "n2"))
# Tight where answers are compared; metafor's own looser stops where time is taken, which is in its favour.
tight <- if (words[4] == "compare") list(threshold = 1e-12, maxiter = 1000) else list()
fine <- if (words[4] == "compare") list(tol = 1e-12) else list()
draw <- function(i, k) { j <- 0:(k - 1); (7 * i + 3 * j + (i * j) %/% 5) %% k + 1 }
subsets <- function(method) {
  g <- gosh(rma(y, v, data = d, method = method, control = tight), progbar = FALSE)
  c(sum(g$res[, "estimate"]), sum(g$res[, "I2"]), nrow(g$res))
}
run <- switch(task,
  reml = function() { e <- escalc("RR", ai = a, n1i = n1, ci = c, n2i = n2, data = d)
    r <- rma(yi, vi, data = e, method = "REML", control = tight); c(r$beta[1], r$se, r$tau2) },
  leave_one_out = function() { l <- leave1out(rma(y, v, data = d, method = "REML", control = tight))
    c(sum(l$estimate), sum(l$ci.lb), sum(l$tau2)) },
  influence = function() { i <- influence(rma(y, v, data = d, method = "REML", control = tight))$inf
    c(sum(i$rstudent), sum(i$cook.d), sum(i$dffits)) },
  q_profile = function() { confint(rma(y, v, data = d, method = "DL"), control = fine)$random[1, 2:3] },
  gosh_EE = function() subsets("EE"), gosh_DL = function() subsets("DL"), gosh_REML = function() subsets("REML"),
  permute_signs = function() permutest(rma(y, v, data = d, method = "REML", control = tight), exact = TRUE, progbar = FALSE)$pval,
  permute_rows = function() permutest(rma(y, v, mods = ~ x, data = d, method = "REML", control = tight), exact = TRUE, progbar = FALSE)$pval,
  bootstrap = function() { b <- c(0, 0)
    for (i in 0:99) { e <- escalc("RR", ai = a, n1i = n1, ci = c, n2i = n2, data = d[draw(i, nrow(d)), ])
      r <- rma(yi, vi, data = e, method = "REML", control = tight); b <- b + c(r$beta[1], r$tau2) }
    b },
  stepfun = function() { r <- suppressWarnings(selmodel(rma(y, v, data = d, method = "ML"), type = "stepfun", alternative = "less", steps = 0.025))
    c(r$beta[1], r$tau2, r$delta[2], r$se[1]) })
before <- proc.time()
for (i in seq_len(reps)) answers <- run()
used <- proc.time() - before
cat(sprintf("%.9f", (used[1] + used[2]) / reps), sprintf("%.12g", unlist(answers)), "\n")
